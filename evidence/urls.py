from django.urls import path

from evidence.views import media, uploads

_ITEM = "cases/<uuid:case>/evidence/<uuid:item>"

urlpatterns = [
    path(f"{_ITEM}/files/", uploads.file_receive, name="file-receive"),
    path(f"{_ITEM}/files/<uuid:file>/state/", uploads.file_state, name="file-state"),
    path(f"{_ITEM}/files/<uuid:file>/content/", media.file_content, name="file-content"),
    path(f"{_ITEM}/files/<uuid:file>/thumbnail/", media.file_thumbnail, name="file-thumbnail"),
]
