"""The addresses of this room. They carry random ids only."""

from django.urls import URLPattern, path

from cases.views import actors, acts, cases, incidents, interviews, log, members, victims

CASE = "cases/<uuid:case>/"

urlpatterns: list[URLPattern] = [
    path("cases/new/", cases.case_create, name="case-create"),
    path(CASE, cases.case_detail, name="case-detail"),
    path(f"{CASE}edit/", cases.case_edit, name="case-edit"),
    path(f"{CASE}move/<slug:to>/", cases.case_move, name="case-move"),
    path(f"{CASE}log/", log.case_log, name="case-log"),
    path(f"{CASE}members/", members.member_list, name="member-list"),
    path(f"{CASE}members/new/", members.member_create, name="member-create"),
    path(f"{CASE}members/<uuid:member>/", members.member_edit, name="member-edit"),
    path(f"{CASE}members/<uuid:member>/end/", members.member_end, name="member-end"),
    path(f"{CASE}members/<uuid:member>/readmit/", members.member_readmit, name="member-readmit"),
    path(f"{CASE}incidents/", incidents.incident_list, name="incident-list"),
    path(f"{CASE}incidents/new/", incidents.incident_create, name="incident-create"),
    path(f"{CASE}incidents/<uuid:incident>/", incidents.incident_detail, name="incident-detail"),
    path(f"{CASE}incidents/<uuid:incident>/edit/", incidents.incident_edit, name="incident-edit"),
    path(f"{CASE}incidents/<uuid:incident>/link/", incidents.incident_link, name="incident-link"),
    path(f"{CASE}incidents/links/<uuid:link>/retract/", incidents.incident_unlink, name="incident-unlink"),
    path(f"{CASE}incidents/<uuid:incident>/acts/new/", acts.act_create, name="act-create"),
    path(f"{CASE}places/new/", incidents.location_create, name="location-create"),
    path(f"{CASE}places/<uuid:location>/", incidents.location_edit, name="location-edit"),
    path(f"{CASE}acts/<uuid:act>/", acts.act_detail, name="act-detail"),
    path(f"{CASE}acts/<uuid:act>/edit/", acts.act_edit, name="act-edit"),
    path(f"{CASE}acts/<uuid:act>/involvements/new/", acts.involvement_create, name="involvement-create"),
    path(
        f"{CASE}involvements/<uuid:involvement>/retract/",
        acts.involvement_retract,
        name="involvement-retract",
    ),
    path(f"{CASE}victims/", victims.victim_list, name="victim-list"),
    path(f"{CASE}victims/new/", victims.victim_create, name="victim-create"),
    path(f"{CASE}victims/<uuid:victim>/", victims.victim_detail, name="victim-detail"),
    path(f"{CASE}victims/<uuid:victim>/edit/", victims.victim_edit, name="victim-edit"),
    path(f"{CASE}victims/<uuid:victim>/count/", victims.victim_count, name="victim-count"),
    path(f"{CASE}victims/<uuid:victim>/death/", victims.death_edit, name="death-edit"),
    path(f"{CASE}actors/", actors.actor_list, name="actor-list"),
    path(f"{CASE}actors/new/", actors.actor_create, name="actor-create"),
    path(f"{CASE}actors/<uuid:actor>/", actors.actor_detail, name="actor-detail"),
    path(f"{CASE}actors/<uuid:actor>/edit/", actors.actor_edit, name="actor-edit"),
    path(f"{CASE}interviews/", interviews.interview_list, name="interview-list"),
    path(f"{CASE}interviews/new/", interviews.interview_create, name="interview-create"),
    path(f"{CASE}interviews/<uuid:interview>/", interviews.interview_detail, name="interview-detail"),
    path(f"{CASE}interviews/<uuid:interview>/edit/", interviews.interview_edit, name="interview-edit"),
    path(f"{CASE}interviews/<uuid:interview>/<slug:to>/", interviews.interview_move, name="interview-move"),
]
