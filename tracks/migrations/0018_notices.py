import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("tracks", "0017_findings"),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('a finding is assigned to me', 'a finding is assigned to me'), ('a finding of mine is claimed to be fixed', 'a finding of mine is claimed to be fixed'), ('a retest has shown something of a claim', 'a retest has shown something of a claim'), ('a finding of mine is settled, or opened again', 'a finding of mine is settled, or opened again'), ('somebody comments on a finding of mine', 'somebody comments on a finding of mine'), ('a question waits for a decision', 'a question waits for a decision'), ('a track has new commits to test', 'a track has new commits to test')], max_length=60)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('on_page', models.BooleanField(default=True)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('mail_due', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='NoticeChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('a finding is assigned to me', 'a finding is assigned to me'), ('a finding of mine is claimed to be fixed', 'a finding of mine is claimed to be fixed'), ('a retest has shown something of a claim', 'a retest has shown something of a claim'), ('a finding of mine is settled, or opened again', 'a finding of mine is settled, or opened again'), ('somebody comments on a finding of mine', 'somebody comments on a finding of mine'), ('a question waits for a decision', 'a question waits for a decision'), ('a track has new commits to test', 'a track has new commits to test')], max_length=60)),
                ('on_page', models.BooleanField(default=True)),
                ('by_mail', models.BooleanField(default=True)),
            ],
        ),
        migrations.AddField(
            model_name='notice',
            name='track',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='tracks.track'),
        ),
        migrations.AddField(
            model_name='notice',
            name='finding',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='tracks.finding'),
        ),
        migrations.AddField(
            model_name='notice',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='noticechoice',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notice_choices', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('on_page', True), ('read_at__isnull', True)), fields=['user'], name='notice_unread'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('mail_due', True)), fields=['user', 'at'], name='notice_mail_due'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['a finding is assigned to me', 'a finding of mine is claimed to be fixed', 'a retest has shown something of a claim', 'a finding of mine is settled, or opened again', 'somebody comments on a finding of mine', 'a question waits for a decision', 'a track has new commits to test'])), name='notice_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='noticechoice',
            constraint=models.UniqueConstraint(fields=('user', 'kind'), name='notice_choice_once'),
        ),
        migrations.AddConstraint(
            model_name='noticechoice',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['a finding is assigned to me', 'a finding of mine is claimed to be fixed', 'a retest has shown something of a claim', 'a finding of mine is settled, or opened again', 'somebody comments on a finding of mine', 'a question waits for a decision', 'a track has new commits to test'])), name='notice_choice_kind_known'),
        ),
    ]
