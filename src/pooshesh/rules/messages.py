"""The sentences of errors, in both languages. Braces are filled with the values of the fault.

This room stands apart from Django, so its sentences live here and not in a gettext catalogue.
"""

from .text import Text

MESSAGES: dict[str, Text] = {
    # files
    "no_files": Text("فایل yaml در این نشانی نیست", "there is no .yaml file here"),
    "parent_missing": Text(
        "بسته‌ای که این در آن جای دارد نیست: در «{name}» فایل yaml نیست",
        "the pack this lies in is missing: there is no .yaml file in “{name}”",
    ),
    "two_packs": Text(
        "«{one}» و «{other}» دو بسته جدا هستند", "“{one}” and “{other}” are two packs"
    ),
    "nested_loop": Text("بسته در خودش جای دارد: {path}", "a pack lies inside itself: {path}"),
    "nested_too_deep": Text(
        "بسته‌ها بیش از {limit} لایه در هم جای نمی‌گیرند", "packs nest at most {limit} deep"
    ),
    "file_too_large": Text(
        "فایل از {limit} بایت بزرگ‌تر است", "the file is larger than {limit} bytes"
    ),
    "not_utf8": Text("نویسه‌ی بایت {byte} UTF-8 نیست", "byte {byte} is not UTF-8"),
    "not_yaml": Text("متن YAML درست نیست: {problem}", "this is not YAML: {problem}"),
    "not_a_mapping": Text(
        "فایل باید با بخش‌هایی مانند law و rules نوشته شود",
        "the file must consist of sections such as law and rules",
    ),
    "second_document": Text("هر فایل یک سند است", "a file holds one document"),
    "anchor": Text(
        "لنگر (&) و ارجاع (*) پذیرفته نیست؛ متن را دوباره بنویسید",
        "anchors (&) and aliases (*) are refused; write the text again",
    ),
    "tag": Text("برچسب YAML (!) پذیرفته نیست", "YAML tags (!) are refused"),
    "too_deep": Text("بیش از {limit} لایه تودرتو", "nested deeper than {limit} levels"),
    "too_many": Text("بیش از {limit} عدد {what}", "more than {limit} {what}"),
    "key_not_text": Text("کلید باید یک کلمه باشد", "a key must be a word"),
    "duplicate_key": Text("کلید «{key}» دو بار آمده است", "key “{key}” appears twice"),
    # schema
    "expected_mapping": Text(
        "اینجا باید «کلید: مقدار» بیاید", "“key: value” lines are expected here"
    ),
    "expected_list": Text(
        "اینجا باید فهرستی ناتهی با خط تیره بیاید", "a non-empty list with dashes is expected here"
    ),
    "expected_text": Text("اینجا باید یک نوشته بیاید", "a text is expected here"),
    "expected_flag": Text(
        "«{found}» خوانده شد؛ true یا false لازم است", "read “{found}”; expected true or false"
    ),
    "expected_whole": Text(
        "«{found}» خوانده شد؛ عدد صحیح لازم است", "read “{found}”; expected a whole number"
    ),
    "expected_range": Text(
        "«{found}» خوانده شد؛ بازه‌ای مانند 1..10 لازم است",
        "read “{found}”; expected a range such as 1..10",
    ),
    "expected_day": Text(
        "«{found}» خوانده شد؛ روزی مانند 1402/05/01 یا 2023-07-23 یا «روز to روز» لازم است",
        "read “{found}”; expected a day such as 1402/05/01 or 2023-07-23, or “DAY to DAY”",
    ),
    "expected_one_of": Text(
        "«{found}» خوانده شد؛ یکی از این‌ها لازم است: {choices}",
        "read “{found}”; expected one of: {choices}",
    ),
    "unknown_key": Text(
        "کلید «{key}» شناخته نیست؛ کلیدهای مجاز: {allowed}",
        "unknown key “{key}”; allowed: {allowed}",
    ),
    "missing_key": Text("«{key}» نوشته نشده است", "“{key}” is missing"),
    "bad_name": Text(
        "نام «{name}» باید از حرف کوچک لاتین، رقم و _ باشد",
        "name “{name}” must be lower-case Latin letters, digits and _",
    ),
    "int_needs_range": Text(
        "عدد به range (مانند 1..10) و unit نیاز دارد",
        "a number needs a range (such as 1..10) and a unit",
    ),
    "aggregate_level": Text(
        "from تنها برای داده‌های خانوار است", "“from” is for household facts only"
    ),
    "first_or_value": Text(
        "یکی از first (جدول) و value (عبارت) لازم است، نه هر دو",
        "give either first (a table) or value (an expression)",
    ),
    "declared_twice": Text("«{name}» دو بار تعریف شده است", "“{name}” is declared twice"),
    "name_taken": Text(
        "«{name}» پیش‌تر نام داده، پارامتر، قاعده، کد یا تابع دیگری است",
        "“{name}” already names a fact, parameter, rule, code or function",
    ),
    "source_differs": Text(
        "منبع {key} در فایل دیگر نشانی دیگری دارد", "source {key} has another address elsewhere"
    ),
    "unknown_source": Text(
        "منبع «{key}» در sources نیست؛ اگر منبعی ندارید assumption بنویسید",
        "“{key}” is not among the sources; write assumption where there is none",
    ),
    # dated values
    "dates_overlap": Text(
        "مقدار از {day} با مقدار پیش از خود هم‌پوشانی دارد یا پیش از آن آمده است",
        "the value from {day} overlaps or precedes the one above it",
    ),
    "dates_gap": Text(
        "پس از {day} مقداری نیست؛ اگر معلوم نیست unknown بنویسید",
        "nothing follows {day}; write unknown if the value is not known",
    ),
    "dates_end": Text(
        "واپسین مقدار در {day} پایان می‌یابد؛ مقدار پس از آن (یا unknown) را بنویسید",
        "the last value ends on {day}; say what holds after it, or unknown",
    ),
    "missing_table_key": Text(
        "جدول این کلیدها را ندارد: {keys}", "the table lacks these keys: {keys}"
    ),
    "extra_table_key": Text(
        "این کلیدها در keys نیامده‌اند: {keys}", "these keys are not among the table's: {keys}"
    ),
    "date_before_first": Text(
        "برای {on} مقداری نیست؛ نخستین مقدار از {first} است",
        "there is no value for {on}; the first is from {first}",
    ),
    # tables of rows
    "row_without_reason": Text("سطر خروجی باید reason داشته باشد", "an output row needs a reason"),
    "no_otherwise": Text("جدول باید با otherwise پایان یابد", "the table must end in otherwise"),
    "row_after_otherwise": Text(
        "به این سطر نمی‌رسد: پس از otherwise آمده است",
        "this row is never reached: it follows otherwise",
    ),
    "row_repeated": Text(
        "به این سطر نمی‌رسد: همین شرط بالاتر آمده است",
        "this row is never reached: the same condition stands above",
    ),
    "row_unreachable": Text(
        "به این سطر نمی‌رسد: سطرهای بالاتر همه‌ی حالت‌هایش را گرفته‌اند",
        "this row is never reached: the rows above leave no case for it",
    ),
    "row_constant": Text("شرط این سطر همیشه یکسان است", "the condition of this row never varies"),
    # rules
    "loop": Text("قاعده‌ها به هم وابسته‌اند: {path}", "rules depend on each other: {path}"),
    "no_output": Text("هیچ قاعده‌ای output نیست", "no rule is an output"),
    "unused": Text("«{name}» به کار نرفته است", "“{name}” is never used"),
    "always_unknown": Text("این قاعده هرگز مقداری ندارد", "this rule never has a value"),
    "codes_needed": Text(
        "مقدار این قاعده کد است؛ کدها را با عنوان در codes بنویسید",
        "this rule gives codes; list them with titles under codes",
    ),
    "codes_unused": Text(
        "codes نوشته شده اما مقدار این قاعده کد نیست", "codes are listed but the rule gives none"
    ),
    "undeclared_codes": Text(
        "این کدها در codes نیامده‌اند: {codes}", "these codes are not listed under codes: {codes}"
    ),
    "unknown_reason": Text("دلیل «{name}» تعریف نشده است", "reason “{name}” is not declared"),
    "unknown_placeholder": Text(
        "«{name}» در جمله نام هیچ داده یا قاعده‌ای نیست",
        "“{name}” in the sentence names no fact or rule",
    ),
    "bad_placeholder": Text(
        "آکولادهای این جمله درست نیست: {text}", "the braces of this sentence are wrong: {text}"
    ),
    "does_not_fit": Text(
        "مقدار «{value}» در محدوده‌ی تعریف‌شده نیست", "value “{value}” is outside what is declared"
    ),
    # expressions
    "expression_too_long": Text(
        "عبارت از {limit} نویسه بلندتر است", "the expression is longer than {limit} characters"
    ),
    "expression_too_deep": Text(
        "عبارت بیش از {limit} لایه دارد", "the expression is nested deeper than {limit}"
    ),
    "not_an_expression": Text("«{text}» عبارت درستی نیست", "“{text}” is not an expression"),
    "not_allowed": Text(
        "«{text}» در زبان قاعده‌ها نیست", "“{text}” is not part of the rule language"
    ),
    "not_a_whole_number": Text(
        "«{text}» عدد صحیح نیست؛ اعشار و رشته پذیرفته نیست",
        "“{text}” is not a whole number; decimals and quoted texts are refused",
    ),
    "unknown_name": Text(
        "«{name}» نام هیچ داده، پارامتر، قاعده یا کدی نیست",
        "“{name}” names no fact, parameter, rule or code",
    ),
    "unknown_function": Text("تابع «{name}» وجود ندارد", "there is no function “{name}”"),
    "argument_count": Text(
        "{function} به {expected} ورودی نیاز دارد", "{function} takes {expected} arguments"
    ),
    "aggregate_in_rule": Text(
        "{name} را در from یک داده‌ی خانوار بنویسید و نام آن داده را به کار ببرید",
        "write {name} as the “from” of a household fact and use that fact",
    ),
    "not_an_aggregate": Text(
        "«{text}» باید count()، any(شرط) یا sum(عدد) باشد",
        "“{text}” must be count(), count(test), any(test) or sum(number)",
    ),
    "table_outside_lookup": Text(
        "جدول {name} را با lookup بخوانید", "read table {name} with lookup"
    ),
    "not_a_table": Text("«{text}» جدول نیست", "“{text}” is not a table"),
    "foreign_keys": Text(
        "کلیدهای {keys} در جدول {table} هرگز پیش نمی‌آید",
        "keys {keys} of table {table} can never occur",
    ),
    "maybe_null": Text(
        "«{text}» شاید نامعلوم باشد؛ پیش از آن known(…) را بیازمایید",
        "“{text}” may be unknown; test known(…) before it",
    ),
    "never_null": Text(
        "known یک نام می‌گیرد که شاید نامعلوم باشد، نه «{text}»",
        "known takes a name that may be unknown, not “{text}”",
    ),
    "active_needs_dates": Text(
        "active دو داده از نوع تاریخ می‌گیرد: «{text}»", "active takes two date facts: “{text}”"
    ),
    "wrong_kind": Text(
        "«{text}» از نوع {found} است؛ {expected} لازم است",
        "“{text}” is {found}; {expected} is expected",
    ),
    "kinds_differ": Text(
        "{left} و {right} با هم سنجیده یا جایگزین نمی‌شوند",
        "{left} and {right} cannot be compared or stand for each other",
    ),
    "units_differ": Text("یکاها یکی نیست: {left} و {right}", "units differ: {left} and {right}"),
    "units_multiplied": Text(
        "{left} در {right} ضرب نمی‌شود؛ یکی باید بی‌یکا باشد",
        "{left} cannot be multiplied by {right}; one must have no unit",
    ),
    "never_equal": Text("«{text}» هرگز درست نیست", "“{text}” can never hold"),
    "no_order": Text(
        "کد و بله/خیر را تنها با == و != بسنجید: «{text}»",
        "codes and flags compare with == and != only: “{text}”",
    ),
    "clamp_crossed": Text(
        "کران پایین از کران بالا بیشتر است: «{text}»", "the bounds cross: “{text}”"
    ),
    "percent_negative": Text(
        "از عدد منفی درصد گرفته نمی‌شود: «{text}»", "no percentage of what may be below 0: “{text}”"
    ),
    "overflow": Text("عدد از ۶۴ بیت بیرون می‌زند", "the number can leave 64 bits"),
    "ago_not_constant": Text(
        "«{text}» باید عدد یا پارامتر بگیرد", "“{text}” must take a number or a parameter"
    ),
    "ago_out_of_range": Text(
        "{unit} باید میان ۰ و {limit} باشد", "{unit} must lie between 0 and {limit}"
    ),
    # facts given to a decision
    "fact_missing": Text("داده‌ی «{name}» داده نشده است", "fact “{name}” is not given"),
    "fact_wrong": Text(
        "داده‌ی «{name}»: «{found}» خوانده شد؛ {expected} لازم است",
        "fact “{name}”: read “{found}”; expected {expected}",
    ),
    "household_too_large": Text(
        "خانوار {found} نفر دارد؛ بیشینه {limit} است",
        "the household has {found} persons; the limit is {limit}",
    ),
    # tables of a population
    "not_a_file": Text(
        "«{file}» خوانده نمی‌شود؛ فایل Parquet یا CSV لازم است",
        "“{file}” cannot be read; expected a Parquet or CSV file",
    ),
    "column_missing": Text("«{file}» ستون «{name}» ندارد", "“{file}” has no column “{name}”"),
    "column_type": Text(
        "ستون «{name}» در «{file}»: نوع {found} خوانده شد؛ {expected} لازم است",
        "column “{name}” of “{file}”: read type {found}; expected {expected}",
    ),
    "cell_wrong": Text(
        "«{file}» ردیف {row}، ستون «{name}»: «{found}» خوانده شد؛ {expected} لازم است",
        "“{file}” row {row}, column “{name}”: read “{found}”; expected {expected}",
    ),
    "key_empty": Text(
        "«{file}» ردیف {row}: «{name}» خالی است", "“{file}” row {row}: “{name}” is empty"
    ),
    "key_twice": Text(
        "«{found}» در ستون «{name}» از «{file}» دو بار آمده است",
        "“{found}” stands twice in column “{name}” of “{file}”",
    ),
    "household_unknown": Text(
        "{count} شخص خانوار یا محلی دارند که داده نشده است؛ نخستین: {found}",
        "{count} persons have a household or place that is not given; the first: {found}",
    ),
    # reforms
    "no_parameter": Text("پارامتری به نام «{name}» نیست", "there is no parameter “{name}”"),
    "no_key": Text("«{name}» کلید «{key}» ندارد", "“{name}” has no key “{key}”"),
    "no_value_yet": Text("«{name}» در {on} هنوز مقداری ندارد", "“{name}” has no value yet on {on}"),
    "no_percentage": Text(
        "از «{name}» درصد گرفته نمی‌شود: مقدارش عدد نیست یا نامعلوم است",
        "no percentage can be taken of “{name}”: it is no number or not known",
    ),
    "not_in_lines": Text(
        "مقدارهای «{name}» در «{file}» هر یک در خط خود نیستند؛ نخست rules format را اجرا کنید",
        "the values of “{name}” in “{file}” do not stand on lines of their own; run rules format",
    ),
}
