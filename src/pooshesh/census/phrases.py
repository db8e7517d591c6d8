"""Everything the phone's app says; `static/census` asks for it by key."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PHRASES: dict[str, Promise] = {
    "title": _("Census on a phone"),
    "unsent": _("Not sent yet: %(n)s"),
    "all_sent": _("Everything is sent"),
    "offline": _("No network"),
    "online": _("Network"),
    "send": _("Send now"),
    "sending": _("Sending…"),
    "sent_ok": _("Sent. %(n)s households were taken by the server."),
    "send_failed": _("The network broke off; nothing is lost. Send again later."),
    "sign_in": _("Sign in again to send; what is on the phone stays."),
    "sign_in_link": _("Sign in"),
    "not_persistent": _(
        "This browser may delete what is not sent when the phone runs out of space. Send often, and"
        " install the app on the home screen."
    ),
    "persistent": _("The browser promised to keep what is stored here."),
    "no_crypto": _(
        "This page was not opened over HTTPS, so nothing can be stored safely; ask for the right"
        " address."
    ),
    "no_worker": _("The app could not be kept on the phone; it needs the network to open."),
    "ready_offline": _("Kept on the phone: opens without a network."),
    "setup": _("Set up this phone"),
    "setup_text": _(
        "Choose a PIN of at least 6 digits for this phone. Without it what is not sent yet cannot"
        " be read by anybody: not by you, not by us. Nobody can reset it."
    ),
    "setup_for": _("For the account: %(name)s"),
    "phone_name": _("Name of this phone"),
    "pin": _("PIN"),
    "pin_again": _("PIN once more"),
    "pin_short": _("The PIN has %(n)s characters; expected at least 6."),
    "pin_plain": _("This PIN is guessed at once; choose another."),
    "pin_differs": _("The two PINs differ."),
    "pin_wrong": _("Wrong PIN. Tries left before a pause: %(n)s."),
    "pin_wait": _("Too many wrong PINs. Try again in %(n)s seconds."),
    "open": _("Unlock"),
    "locked": _("The app is locked"),
    "lock": _("Lock"),
    "lost_pin": _("PIN forgotten"),
    "lost_pin_text": _(
        "What is not sent yet cannot be read without the PIN. You can begin anew; then %(n)s"
        " households that were never sent are lost for good. Type %(word)s to do so."
    ),
    "lost_word": _("delete"),
    "begin_anew": _("Begin anew"),
    "need_network": _("The first time needs the network."),
    "other_user": _(
        "This phone was set up by %(name)s. Sign in with that account to send what is on it."
    ),
    "revoked": _(
        "This phone was reported lost, so nothing is sent; what is on it stays. Ask your lead to"
        " restore it."
    ),
    "alleys": _("Alleys given to you"),
    "no_alleys": _("No alley is given to you. Ask your lead, then send once to see it here."),
    "done_of": _("%(part)s of %(whole)s"),
    "until": _("until %(day)s"),
    "households": _("Households"),
    "no_households": _("No household is written in this alley yet."),
    "new_household": _("New household"),
    "household": _("Household"),
    "no_head": _("no name yet"),
    "persons": _("%(n)s persons"),
    "back": _("Back"),
    "save": _("Save"),
    "saved": _("Saved on the phone."),
    "kept_draft": _("Kept as unfinished; go on whenever you like."),
    "members": _("Members"),
    "member": _("Member %(n)s"),
    "add_member": _("Add a member"),
    "remove_member": _("Remove this member"),
    "remove_sure": _("Press once more to remove"),
    "consent": _("The household agrees that its answers are kept for the census and its cover."),
    "year": _("Year"),
    "month": _("Month"),
    "day": _("Day"),
    "birth_help": _("The year alone is enough when the day is not known."),
    "photos": _("Documents"),
    "take_photo": _("Photograph a document"),
    "photo_kept": _("Photos on this phone: %(n)s"),
    "photo_failed": _("The photo could not be read; take it again."),
    "photo_consent": _("Photograph only what cannot be copied by hand."),
    "state_draft": _("unfinished"),
    "state_ready": _("not sent yet"),
    "state_sent": _("sent"),
    "state_faulty": _("to be corrected"),
    "state_conflict": _("two versions"),
    "state_aside": _("kept aside"),
    "drop_aside": _("Read; take it off the phone"),
    "conflict": _("Somebody else changed this household"),
    "conflict_text": _("Choose for each line what holds."),
    "mine": _("Mine"),
    "theirs": _("On the server"),
    "take_choice": _("Keep this choice"),
    "nothing": _("nothing"),
    "settings": _("This phone"),
    "id_check": _(
        "The check digit is wrong: a digit may be mistyped. It can be saved all the same."
    ),
    "id_length": _("A national ID number has 10 digits. It can be saved all the same."),
    "id_same": _("All digits are the same. It can be saved all the same."),
    "id_zeros": _("No national ID number begins with 000. It can be saved all the same."),
    "id_mobile": _("This is a mobile number. It can be saved all the same."),
    "id_foreign": _(
        "This looks like a foreign national's code of 12 digits; choose that document."
    ),
    "code_length": _("A foreign national's code has 12 digits. It can be saved all the same."),
    "mobile_form": _(
        "A mobile number has 11 digits such as 09121234567. It can be saved all the same."
    ),
    "postal_form": _("A postal code has 10 digits. It can be saved all the same."),
    "fault_birth": _("This is not a day of the calendar."),
    "fault_later": _("The birth date lies after today."),
    "fault_consent": _("Tick the household's consent; without it nothing is kept."),
    "fault_members": _("Write at least the head."),
    "fault_heads": _("Exactly one member is the head."),
    "fault_name": _("Write the first or the last name."),
    "fault_relation": _("Choose the relation to the head."),
    "fault_sex": _("Choose the sex."),
    "faults": _("To be corrected: %(n)s. It is kept as unfinished."),
    "not_known": _("not known"),
    "yes": _("Yes"),
    "no": _("No"),
    "whole_member": _("Member of the household"),
    "not_there": _("not in this version"),
}
