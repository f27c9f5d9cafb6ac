from django.urls import path

from evidence.views import (
    analyses,
    annotations,
    arrivals,
    collecting,
    custody,
    handing,
    house,
    integrity,
    items,
    media,
    redaction,
    reports,
    several,
    uploads,
    verification,
)

_HOUSE = "integrity/"
_CASE = "cases/<uuid:case>/evidence/"
_ITEM = f"{_CASE}<uuid:item>"
_NOTES = f"{_ITEM}/files/<uuid:file>/notes"
_HAND_OVER = f"{_CASE}hand-over/<uuid:hand_over>"

urlpatterns = [
    path(_HOUSE, house.integrity_house, name="integrity-house"),
    path(_CASE, items.exhibit_list, name="exhibit-list"),
    path(f"{_CASE}new/", items.exhibit_create, name="exhibit-create"),
    path(f"{_CASE}several/take-up/", several.exhibits_take_up, name="exhibits-take-up"),
    path(f"{_CASE}several/check/", several.exhibits_check, name="exhibits-check"),
    path(f"{_CASE}integrity/", integrity.integrity_page, name="integrity-page"),
    path(f"{_CASE}integrity/check/", integrity.integrity_ask, name="integrity-ask"),
    path(f"{_CASE}integrity/report/", reports.integrity_report_page, name="integrity-report"),
    path(f"{_CASE}integrity/report/take/", reports.integrity_report_take, name="integrity-report-take"),
    path(f"{_CASE}integrity/schedule/", integrity.integrity_schedule, name="integrity-schedule"),
    path(f"{_CASE}integrity/alerts/<uuid:alert>/", integrity.alert_answer, name="alert-answer"),
    path(f"{_ITEM}/", items.exhibit_detail, name="exhibit-detail"),
    path(f"{_ITEM}/edit/", items.exhibit_edit, name="exhibit-edit"),
    path(f"{_ITEM}/collection/new/", collecting.collection_record, name="collection-record"),
    path(f"{_ITEM}/collection/<uuid:collection>/", collecting.collection_follow, name="collection-follow"),
    path(f"{_ITEM}/custody/", custody.custody_list, name="custody-list"),
    path(f"{_ITEM}/custody/new/", custody.custody_record, name="custody-record"),
    path(f"{_ITEM}/custody/sheet/", custody.custody_sheet, name="custody-sheet"),
    path(f"{_ITEM}/custody/hand-over/", handing.custody_propose, name="custody-propose"),
    path(f"{_ITEM}/custody/outside/", handing.custody_hand_outside, name="custody-hand-outside"),
    path(f"{_HAND_OVER}/", handing.custody_hand_over, name="custody-hand-over"),
    path(f"{_HAND_OVER}/confirm/", handing.custody_confirm, name="custody-confirm"),
    path(f"{_HAND_OVER}/decline/", handing.custody_decline, name="custody-decline"),
    path(f"{_HAND_OVER}/take-back/", handing.custody_take_back, name="custody-take-back"),
    path(f"{_ITEM}/take-up/", verification.exhibit_take_up, name="exhibit-take-up"),
    path(f"{_ITEM}/decide/", verification.exhibit_decide, name="exhibit-decide"),
    path(f"{_ITEM}/findings/new/", verification.verification_record, name="verification-record"),
    path(
        f"{_ITEM}/findings/<uuid:verification>/",
        verification.verification_confirm,
        name="verification-confirm",
    ),
    path(f"{_ITEM}/frames/new/", analyses.satellite_analysis_create, name="satellite-analysis-create"),
    path(f"{_ITEM}/weapons/new/", analyses.weapon_analysis_create, name="weapon-analysis-create"),
    path(f"{_ITEM}/places/new/", analyses.place_analysis_create, name="place-analysis-create"),
    path(f"{_ITEM}/times/new/", analyses.time_analysis_create, name="time-analysis-create"),
    path(f"{_ITEM}/checklists/<slug:family>/", verification.checklist_answer, name="checklist-answer"),
    path(f"{_ITEM}/uploads/", arrivals.uploads_of_exhibit, name="uploads"),
    path(f"{_ITEM}/uploads/<uuid:upload>/", arrivals.upload_of_file, name="upload"),
    path(f"{_ITEM}/files/kept/<uuid:key>/", uploads.file_kept, name="file-kept"),
    path(f"{_NOTES}/new/", annotations.annotation_create, name="annotation-create"),
    path(f"{_NOTES}/<uuid:annotation>/", annotations.annotation_correct, name="annotation-correct"),
    path(
        f"{_NOTES}/<uuid:annotation>/withdraw/", annotations.annotation_withdraw, name="annotation-withdraw"
    ),
    path(f"{_ITEM}/files/<uuid:file>/check/", items.file_check, name="file-check"),
    path(f"{_ITEM}/files/<uuid:file>/set-aside/", integrity.file_set_aside, name="file-set-aside"),
    path(f"{_ITEM}/files/<uuid:file>/state/", uploads.file_state, name="file-state"),
    path(f"{_ITEM}/files/<uuid:file>/content/", media.file_content, name="file-content"),
    path(f"{_ITEM}/files/<uuid:file>/overview/", media.file_overview, name="file-overview"),
    path(f"{_ITEM}/files/<uuid:file>/redact/", redaction.redaction_draft, name="redaction-draft"),
    path(f"{_ITEM}/files/<uuid:file>/pages/<int:number>/", redaction.redaction_page, name="redaction-page"),
    path(f"{_ITEM}/copies/<uuid:redaction>/", redaction.redaction_detail, name="redaction-detail"),
    path(f"{_ITEM}/copies/<uuid:redaction>/approve/", redaction.redaction_approve, name="redaction-approve"),
    path(f"{_ITEM}/copies/<uuid:redaction>/return/", redaction.redaction_return, name="redaction-return"),
    path(f"{_ITEM}/files/<uuid:file>/thumbnail/", media.file_thumbnail, name="file-thumbnail"),
]
