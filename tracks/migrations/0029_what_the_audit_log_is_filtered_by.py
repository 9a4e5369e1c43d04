from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('tracks', '0028_the_audit_log_is_append_only'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='auditentry',
            index=models.Index(fields=['project', 'action', '-id'], name='audit_of_action'),
        ),
        AddIndexConcurrently(
            model_name='auditentry',
            index=models.Index(fields=['project', 'actor', '-id'], name='audit_of_actor'),
        ),
        AddIndexConcurrently(
            model_name='auditentry',
            index=models.Index(fields=['request_id'], name='audit_of_request'),
        ),
    ]
