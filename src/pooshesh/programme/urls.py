"""Addresses of the programme."""

from django.urls import path

from pooshesh.programme import pages
from pooshesh.programme.calls import pages as calls
from pooshesh.programme.counts import pages as counts
from pooshesh.programme.loads import pages as loads
from pooshesh.programme.plans import pages as plans
from pooshesh.programme.programmes import pages as programmes
from pooshesh.programme.worklists import pages as worklists

app_name = "programme"
urlpatterns = [
    path("campaigns/", pages.campaign_list, name="campaigns"),
    path("campaigns/new/", pages.campaign_new, name="new"),
    path("campaigns/retention/", pages.retention, name="retention"),
    path("campaigns/board/", counts.board, name="board"),
    path("campaigns/plans/", plans.plan_list, name="plans"),
    path("campaigns/plans/new/", plans.plan_new, name="plan_new"),
    path("campaigns/plans/<uuid:plan_id>/", plans.plan, name="plan"),
    path("campaigns/plans/<uuid:plan_id>/change/", plans.plan_change, name="plan_change"),
    path("campaigns/plans/<uuid:plan_id>/places/", plans.plan_places, name="plan_places"),
    path("campaigns/plans/<uuid:plan_id>/places/<slug:code>/out/", plans.take_out, name="take_out"),
    path("campaigns/plans/<uuid:plan_id>/costs/", plans.plan_costs, name="plan_costs"),
    path("campaigns/plans/<uuid:plan_id>/<slug:verb>/", plans.plan_move, name="plan_move"),
    path("campaigns/costs/<uuid:cost_id>/withdraw/", plans.withdraw_cost, name="withdraw_cost"),
    path("campaigns/calls/<uuid:call_id>/", calls.call, name="call"),
    path("campaigns/calls/<uuid:call_id>/number/", calls.call_number, name="call_number"),
    path("campaigns/loads/", loads.load_list, name="loads"),
    path("campaigns/loads/<uuid:load_id>/", loads.load, name="load"),
    path("campaigns/loads/<uuid:load_id>/progress/", loads.progress, name="load_progress"),
    path("campaigns/<uuid:campaign_id>/costs/", plans.campaign_costs, name="campaign_costs"),
    path("campaigns/<uuid:campaign_id>/calls/", calls.call_list, name="calls"),
    path("campaigns/<uuid:campaign_id>/calls/draw/", calls.sample_draw, name="sample_draw"),
    path("programmes/", programmes.programme_list, name="programmes"),
    path("programmes/new/", programmes.programme_new, name="programme_new"),
    path("programmes/<slug:code>/", programmes.programme, name="programme"),
    path("programmes/<slug:code>/members/", programmes.members, name="members"),
    path("campaigns/<uuid:campaign_id>/", pages.campaign, name="campaign"),
    path("campaigns/<uuid:campaign_id>/mapping/", pages.mapping, name="mapping"),
    path("campaigns/<uuid:campaign_id>/findings/", pages.findings, name="findings"),
    path("campaigns/<uuid:campaign_id>/run/", pages.start, name="run"),
    path("campaigns/<uuid:campaign_id>/progress/", pages.progress, name="progress"),
    path("campaigns/<uuid:campaign_id>/cancel/", pages.cancel, name="cancel"),
    path("campaigns/<uuid:campaign_id>/people/", pages.people, name="people"),
    path("campaigns/<uuid:campaign_id>/people/<int:census_row>/undo/", pages.undo, name="undo"),
    path("campaigns/<uuid:campaign_id>/people.csv", pages.people_csv, name="people_csv"),
    path("campaigns/<uuid:campaign_id>/summary.json", pages.summary_json, name="summary_json"),
    path("campaigns/<uuid:campaign_id>/report.html", pages.report_html, name="report_html"),
    path("campaigns/<uuid:campaign_id>/close/", pages.close, name="close"),
    path("worklists/", worklists.index, name="worklists"),
    path("worklists/<str:kind>/next/", worklists.next_item, name="next_item"),
    path("worklists/<str:kind>/undo/", worklists.undo, name="undo_answer"),
    path("worklists/items/<uuid:item_id>/", worklists.item, name="work_item"),
    path("worklists/items/<uuid:item_id>/reveal/", worklists.reveal, name="reveal"),
    path("worklists/items/<uuid:item_id>/skip/", worklists.skip, name="skip"),
    path("worklists/items/<uuid:item_id>/pass-on/", worklists.pass_on, name="pass_on"),
    path("worklists/items/<uuid:item_id>/renew/", worklists.renew, name="renew"),
]
