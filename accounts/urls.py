"""Addresses of the people and account pages."""

from django.urls import path

from accounts.views import account, custodians, demonstration, people, trainings

urlpatterns = [
    path("account", account.account_detail, name="account-detail"),
    path("account/sessions/end-others", account.session_end_others, name="session-end-others"),
    path("account/lock", account.session_lock, name="session-lock"),
    path("account/sessions/<uuid:session>/end", account.session_end, name="session-end"),
    path("account/preferences", account.preference_set, name="preference-set"),
    path("enrolment", account.enrolment_detail, name="enrolment-detail"),
    path("enrolment/finish", account.enrolment_finish, name="enrolment-finish"),
    path("join/<str:secret>", account.enrolment_begin, name="enrolment-begin"),
    path("custodians", custodians.custodian_list, name="custodian-list"),
    path("custodians/directory", custodians.directory_hand_in, name="directory-hand-in"),
    path("custodians/papers/<uuid:paper>", custodians.directory_paper, name="directory-paper"),
    path("people", people.people_list, name="people-list"),
    path("people/invite", people.person_invite, name="person-invite"),
    path("people/<uuid:person>", people.person_detail, name="person-detail"),
    path("people/<uuid:person>/name", people.person_name, name="person-name"),
    path("people/<uuid:person>/link", people.link_renew, name="link-renew"),
    path("people/<uuid:person>/roles/give", people.role_give, name="role-give"),
    path("people/<uuid:person>/roles/take", people.role_take, name="role-take"),
    path("people/<uuid:person>/deactivate", people.person_deactivate, name="person-deactivate"),
    path("people/<uuid:person>/reset", people.reset_request, name="reset-request"),
    path("people/<uuid:person>/trainings/note", trainings.training_note, name="training-note"),
    path("trainings/<uuid:training>/end", trainings.training_end, name="training-end"),
    path("trainings/<uuid:training>/paper", trainings.training_paper, name="training-paper"),
    path("resets/<uuid:reset>/confirm", people.reset_confirm, name="reset-confirm"),
    path("resets/<uuid:reset>/cancel", people.reset_cancel, name="reset-cancel"),
    path("demonstration/personas", demonstration.persona_list, name="persona-list"),
    path("demonstration/personas/<uuid:person>", demonstration.persona_take, name="persona-take"),
    path("demonstration/<str:secret>", demonstration.demonstration_enter, name="demonstration-enter"),
]
