"""What pairs were before, and what the two sides say to each other of a deal."""

import django.db.models.deletion
import imas.kernel.clock
import uuid
from django.conf import settings
from django.db import migrations, models

# Pairs there already are taken to be as they are since they were last judged.
SINCE = """
ALTER TABLE isaf_pair ADD COLUMN since timestamptz;
UPDATE isaf_pair SET since = refreshed_at;
ALTER TABLE isaf_pair ALTER COLUMN since SET NOT NULL;
"""
NO_SINCE = "ALTER TABLE isaf_pair DROP COLUMN since"


class Migration(migrations.Migration):

    dependencies = [
        ('isaf', '0005_entry_sheets_and_postponements'),
        ('representation', '0021_letters_by_last_day'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(SINCE, NO_SINCE),
        migrations.AddField(
            model_name='reportedpair',
            name='match_key',
            field=models.BigIntegerField(null=True),
        ),
        migrations.CreateModel(
            name='Deal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('match_key', models.BigIntegerField()),
                ('near_key', models.BigIntegerField(null=True)),
                ('started_at', models.DateTimeField(default=imas.kernel.clock.now)),
                ('buyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='representation.taxpayer')),
                ('seller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='representation.taxpayer')),
            ],
            options={
                'ordering': ['started_at'],
                'indexes': [
                    models.Index(condition=models.Q(('near_key__isnull', False)), fields=['near_key'], name='isaf_deal_near'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('match_key', 'seller', 'buyer'), name='isaf_deal_of_a_key'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DealEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('side', models.CharField(max_length=1)),
                ('kind', models.CharField(choices=[(kind, kind) for kind in ('word', 'proposal', 'accepted', 'disputed', 'not_mine', 'unmarked')], max_length=8)),
                ('text', models.TextField(blank=True, default='')),
                ('values', models.JSONField(default=dict)),
                ('at', models.DateTimeField(default=imas.kernel.clock.now)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='isaf.deal')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [
                    models.Index(condition=models.Q(('kind__in', ('accepted', 'disputed', 'not_mine', 'unmarked'))), fields=['deal', '-id'], name='isaf_dealentry_mark'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('side__in', ['S', 'P'])), name='isaf_dealentry_side'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['word', 'proposal', 'accepted', 'disputed', 'not_mine', 'unmarked'])), name='isaf_dealentry_kind'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['word', 'proposal']), ('side', 'P'), _connector='OR'), name='isaf_dealentry_marks_of_the_buyer'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PairPast',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('match_key', models.BigIntegerField()),
                ('period_start', models.DateField()),
                ('nth', models.IntegerField()),
                ('seller_id', models.BigIntegerField(null=True)),
                ('buyer_id', models.BigIntegerField(null=True)),
                ('sold', models.BooleanField()),
                ('bought', models.BooleanField()),
                ('state', models.TextField()),
                ('fields', models.SmallIntegerField()),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
            ],
            options={
                'ordering': ['until', 'pk'],
                'indexes': [models.Index(fields=['match_key', 'until'], name='isaf_pairpast_of_deal')],
            },
        ),
    ]
