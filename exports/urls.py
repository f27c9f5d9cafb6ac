"""Addresses of recipients, exports and deliveries."""

from django.urls import path

from exports.views import deliveries, exports, recipients, wizard

_CASE = "cases/<uuid:case>/exports/"

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
    path(_CASE, exports.export_list, name="export-list"),
    path(f"{_CASE}new/", wizard.export_request, name="export-request"),
    path(f"{_CASE}send/", wizard.export_send, name="export-send"),
    path(f"{_CASE}<uuid:export>/", exports.export_detail, name="export-detail"),
    path(f"{_CASE}<uuid:export>/check/", exports.export_check, name="export-check"),
    path(f"{_CASE}<uuid:export>/decide/", exports.export_decide, name="export-decide"),
    path(f"{_CASE}<uuid:export>/build/", exports.export_build, name="export-build"),
    path(f"{_CASE}<uuid:export>/cancel/", exports.export_cancel, name="export-cancel"),
    path(f"{_CASE}<uuid:export>/package/", exports.export_download, name="export-download"),
    path(f"{_CASE}<uuid:export>/letters/<slug:which>/", exports.export_letter, name="export-letter"),
    path("deliveries/", deliveries.delivery_list, name="delivery-list"),
    path("deliveries/<uuid:export>/", deliveries.delivery_detail, name="delivery-detail"),
    path("deliveries/<uuid:export>/package/", deliveries.delivery_download, name="delivery-download"),
    path(
        "deliveries/<uuid:export>/letters/<slug:which>/", deliveries.delivery_letter, name="delivery-letter"
    ),
]
