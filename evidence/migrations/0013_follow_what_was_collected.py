"""A record of collection is followed by a version, never changed; it names its collector and what was kept."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import vault.fields
from cases.rowsecurity import case_key, same_case

TABLE = "evidence_collectionrecord"
FILES = ("screenshot_id", "page_id", "material_id")


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0012_keep_originals_as_they_came"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="collectionrecord",
            name="collector",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="collectionrecord",
            name="material",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.fileobject",
            ),
        ),
        migrations.AddField(
            model_name="collectionrecord",
            name="page",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.fileobject",
            ),
        ),
        migrations.AddField(
            model_name="collectionrecord",
            name="screenshot",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.fileobject",
            ),
        ),
        migrations.AddField(
            model_name="collectionrecord",
            name="supersedes",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="superseded_by",
                to="evidence.collectionrecord",
            ),
        ),
        migrations.AddField(
            model_name="collectionrecord",
            name="tool_version",
            field=vault.fields.SealedText(null=True),
        ),
        migrations.AddField(
            model_name="collectionrecord",
            name="version",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name="collectionrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("supersedes", models.F("id")), _negated=True),
                name="collection_follows_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectionrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("supersedes__isnull", True), ("version", 1)),
                    models.Q(("supersedes__isnull", False), ("version__gt", 1)),
                    _connector="OR",
                ),
                name="collection_versions_follow",
            ),
        ),
        case_key(TABLE),
        same_case(TABLE, "supersedes_id", TABLE),
        *(same_case(TABLE, column, "evidence_fileobject") for column in FILES),
    ]
