"""Addresses of recipients, exports and deliveries."""

from django.urls import path

from exports.views import (
    agreed,
    deliveries,
    disposals,
    erasures,
    exports,
    handovers,
    recalls,
    recipients,
    secondkeys,
    withdrawals,
    wizard,
)

_CASE = "cases/<uuid:case>/exports/"
_RECALLS = "cases/<uuid:case>/recalls/"
_ERASURES = "cases/<uuid:case>/erasures/"
_DISPOSALS = "cases/<uuid:case>/disposals/"
_WITHDRAWAL = "cases/<uuid:case>/consents/<uuid:consent>/withdrawal/"

urlpatterns = [
    path("recipients/", recipients.recipient_list, name="recipient-list"),
    path("recipients/new/", recipients.recipient_add, name="recipient-add"),
    path("recipients/<uuid:recipient>/", recipients.recipient_detail, name="recipient-detail"),
    path("recipients/<uuid:recipient>/change/", recipients.recipient_change, name="recipient-change"),
    path("recipients/<uuid:recipient>/key/", recipients.recipient_key_add, name="recipient-key-add"),
    path(
        "recipients/<uuid:recipient>/contacts/",
        recipients.recipient_contact_add,
        name="recipient-contact-add",
    ),
    path("recipient-keys/<uuid:key>/check/", recipients.recipient_key_check, name="recipient-key-check"),
    path("recipient-keys/<uuid:key>/revoke/", recipients.recipient_key_revoke, name="recipient-key-revoke"),
    path(
        "recipient-contacts/<uuid:contact>/end/",
        recipients.recipient_contact_end,
        name="recipient-contact-end",
    ),
    path("recipients/<uuid:recipient>/second-key/", secondkeys.second_key_make, name="second-key-make"),
    path("second-keys/<uuid:key>/confirm/", secondkeys.second_key_confirm, name="second-key-confirm"),
    path("second-keys/<uuid:key>/revoke/", secondkeys.second_key_revoke, name="second-key-revoke"),
    path(_CASE, exports.export_list, name="export-list"),
    path(f"{_CASE}new/", wizard.export_request, name="export-request"),
    path(f"{_CASE}send/", wizard.export_send, name="export-send"),
    path(f"{_CASE}<uuid:export>/", exports.export_detail, name="export-detail"),
    path(f"{_CASE}<uuid:export>/check/", exports.export_check, name="export-check"),
    path(f"{_CASE}<uuid:export>/decide/", exports.export_decide, name="export-decide"),
    path(f"{_CASE}<uuid:export>/build/", exports.export_build, name="export-build"),
    path(f"{_CASE}<uuid:export>/identities/", handovers.handover_ask, name="handover-ask"),
    path(f"{_CASE}<uuid:export>/cancel/", exports.export_cancel, name="export-cancel"),
    path(f"{_CASE}<uuid:export>/package/", exports.export_download, name="export-download"),
    path(f"{_CASE}<uuid:export>/letters/<slug:which>/", exports.export_letter, name="export-letter"),
    path(f"{_CASE}<uuid:export>/recall/", recalls.recall_send, name="recall-send"),
    path(_RECALLS, recalls.recall_list, name="recall-list"),
    path(f"{_RECALLS}<uuid:notice>/", recalls.recall_detail, name="recall-detail"),
    path(f"{_RECALLS}<uuid:notice>/answer/", recalls.recall_answer, name="recall-answer"),
    path(f"{_RECALLS}<uuid:notice>/remind/", recalls.recall_remind, name="recall-remind"),
    path(f"{_RECALLS}<uuid:notice>/letter/", recalls.recall_letter_take, name="recall-letter-take"),
    path("cases/<uuid:case>/consents/<uuid:consent>/paper/", agreed.consent_paper, name="consent-paper"),
    path(
        "cases/<uuid:case>/consents/<uuid:consent>/paper/take/",
        agreed.consent_paper_take,
        name="consent-paper-take",
    ),
    path(_ERASURES, erasures.erasure_list, name="erasure-list"),
    path(f"{_ERASURES}new/<uuid:witness>/", erasures.erasure_ask, name="erasure-ask"),
    path(f"{_ERASURES}<uuid:erasure>/", erasures.erasure_detail, name="erasure-detail"),
    path(f"{_ERASURES}<uuid:erasure>/decide/", erasures.erasure_decide, name="erasure-decide"),
    path(f"{_ERASURES}<uuid:erasure>/certificate/", erasures.erasure_certificate, name="erasure-certificate"),
    path(_DISPOSALS, disposals.disposal_list, name="disposal-list"),
    path(f"{_DISPOSALS}new/", disposals.disposal_ask, name="disposal-ask"),
    path(f"{_DISPOSALS}<uuid:disposal>/", disposals.disposal_detail, name="disposal-detail"),
    path(f"{_DISPOSALS}<uuid:disposal>/decide/", disposals.disposal_decide, name="disposal-decide"),
    path(f"{_DISPOSALS}<uuid:disposal>/done/", disposals.disposal_carry_out, name="disposal-carry-out"),
    path(
        f"{_DISPOSALS}<uuid:disposal>/certificate/",
        disposals.disposal_certificate_page,
        name="disposal-certificate",
    ),
    path(_WITHDRAWAL, withdrawals.withdrawal_detail, name="withdrawal-detail"),
    path(f"{_WITHDRAWAL}paper/", withdrawals.withdrawal_take, name="withdrawal-take"),
    path(f"{_WITHDRAWAL}told/", withdrawals.withdrawal_confirm, name="withdrawal-confirm"),
    path("deliveries/", deliveries.delivery_list, name="delivery-list"),
    path("deliveries/<uuid:export>/", deliveries.delivery_detail, name="delivery-detail"),
    path("deliveries/<uuid:export>/package/", deliveries.delivery_download, name="delivery-download"),
    path(
        "deliveries/<uuid:export>/letters/<slug:which>/", deliveries.delivery_letter, name="delivery-letter"
    ),
]
