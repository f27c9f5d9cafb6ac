"""People. The libraries' tables point here and nowhere else of ours, so this table stands first and alone."""

import uuid

import django.core.validators
import django.utils.timezone
from django.db import migrations, models

from vault.fields import SealedText


class Migration(migrations.Migration):
    initial = True

    dependencies = [("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        migrations.CreateModel(
            "User",
            [
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "staff_code",
                    models.CharField(
                        max_length=12,
                        unique=True,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{2,4}-[0-9]{2,5}$")],
                        verbose_name="staff code",
                    ),
                ),
                ("name", SealedText(null=True)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("enrolled_at", models.DateTimeField(editable=False, null=True)),
                ("deactivated_at", models.DateTimeField(editable=False, null=True)),
                ("credentials_reset_at", models.DateTimeField(editable=False, null=True)),
                ("credentials_tag", models.BinaryField(null=True)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            {
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("is_superuser", False)), name="user_is_never_superuser"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_active", True), ("deactivated_at__isnull", False), _connector="OR"
                        ),
                        name="user_closed_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("staff_code__regex", "^[A-Z]{2,4}-[0-9]{2,5}$")),
                        name="user_staff_code_form",
                    ),
                ]
            },
        ),
    ]
