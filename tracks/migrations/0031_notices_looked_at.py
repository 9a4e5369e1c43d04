from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """What 0024 asks of notices holds for those that were there; others read and write meanwhile."""

    dependencies = [
        ('tracks', '0030_runs_name_what_is_merged_in_them'),
    ]

    operations = [
        ValidateConstraint(model_name='notice', name='notice_kind_known'),
        ValidateConstraint(model_name='noticechoice', name='notice_choice_kind_known'),
    ]
