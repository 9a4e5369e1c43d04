from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """What is there is looked at later, by 0031: not while nobody else may read or write."""

    dependencies = [
        ('tracks', '0023_what_approvals_take'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='notice',
            name='notice_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='noticechoice',
            name='notice_choice_kind_known',
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('a finding is assigned to me', 'a finding is assigned to me'), ('a finding of mine is claimed to be fixed', 'a finding of mine is claimed to be fixed'), ('a retest has shown something of a claim', 'a retest has shown something of a claim'), ('a finding of mine is settled, or opened again', 'a finding of mine is settled, or opened again'), ('somebody comments on a finding of mine', 'somebody comments on a finding of mine'), ('a question waits for a decision', 'a question waits for a decision'), ('a track has new commits to test', 'a track has new commits to test'), ('a track of mine is decided on', 'a track of mine is decided on')], max_length=60),
        ),
        migrations.AlterField(
            model_name='noticechoice',
            name='kind',
            field=models.CharField(choices=[('a finding is assigned to me', 'a finding is assigned to me'), ('a finding of mine is claimed to be fixed', 'a finding of mine is claimed to be fixed'), ('a retest has shown something of a claim', 'a retest has shown something of a claim'), ('a finding of mine is settled, or opened again', 'a finding of mine is settled, or opened again'), ('somebody comments on a finding of mine', 'somebody comments on a finding of mine'), ('a question waits for a decision', 'a question waits for a decision'), ('a track has new commits to test', 'a track has new commits to test'), ('a track of mine is decided on', 'a track of mine is decided on')], max_length=60),
        ),
        AddConstraintNotValid(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['a finding is assigned to me', 'a finding of mine is claimed to be fixed', 'a retest has shown something of a claim', 'a finding of mine is settled, or opened again', 'somebody comments on a finding of mine', 'a question waits for a decision', 'a track has new commits to test', 'a track of mine is decided on'])), name='notice_kind_known'),
        ),
        AddConstraintNotValid(
            model_name='noticechoice',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['a finding is assigned to me', 'a finding of mine is claimed to be fixed', 'a retest has shown something of a claim', 'a finding of mine is settled, or opened again', 'somebody comments on a finding of mine', 'a question waits for a decision', 'a track has new commits to test', 'a track of mine is decided on'])), name='notice_choice_kind_known'),
        ),
    ]
