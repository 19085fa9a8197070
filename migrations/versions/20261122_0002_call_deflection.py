"""Call deflection

Revision: 0002, after 0001
Made: 2026-11-22 01:15:45.967119
"""

import sqlalchemy as sa
from alembic import op

from forum.kernel import base

revision = '0002'
down_revision = '0001'

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('reader_salts',
    sa.Column('week', sa.Date(), nullable=False),
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('made_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('week', 'number', name=op.f('pk_reader_salts'))
    )
    op.create_table('suggestion_trials',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('arm', sa.String(length=10), nullable=False),
    sa.Column('share', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('begun_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('asked_at', base.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suggestion_trials')),
    sa.UniqueConstraint('key', name=op.f('uq_suggestion_trials_key'))
    )
    with op.batch_alter_table('suggestion_trials', schema=None) as batch_op:
        batch_op.create_index('ix_suggestion_trials_begun_at', ['begun_at', 'arm'], unique=False)

    op.create_table('view_batches',
    sa.Column('key', sa.String(length=36), nullable=False),
    sa.Column('counted_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_view_batches'))
    )
    op.create_table('api_tokens',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('act', sa.String(length=40), nullable=False),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('made_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('made_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['made_by_id'], ['accounts.id'], name=op.f('fk_api_tokens_made_by_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_tokens')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_api_tokens_token_digest'))
    )
    op.create_table('closed_periods',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=7), nullable=False),
    sa.Column('closed_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('closed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rows', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('seed', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('draws', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('parameters', sa.JSON(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['closed_by_id'], ['accounts.id'], name=op.f('fk_closed_periods_closed_by_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closed_periods')),
    sa.UniqueConstraint('name', name=op.f('uq_closed_periods_name'))
    )
    op.create_table('contact_files',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('arrived_by', sa.String(length=10), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('covers_from', sa.Date(), nullable=True),
    sa.Column('covers_until', sa.Date(), nullable=True),
    sa.Column('read', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('taken', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('known', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('refused', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('problems', sa.JSON(), nullable=False),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('arrived_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('imported_at', base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['accounts.id'], name=op.f('fk_contact_files_by_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_files'))
    )
    with op.batch_alter_table('contact_files', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_files_sha256'), ['sha256'], unique=False)
        batch_op.create_index('ix_contact_files_state', ['state', 'arrived_at'], unique=False)

    op.create_table('contact_mappings',
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('set_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('set_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['set_by_id'], ['accounts.id'], name=op.f('fk_contact_mappings_set_by_id_accounts')),
    sa.PrimaryKeyConstraint('source', name=op.f('pk_contact_mappings'))
    )
    op.create_table('entry_totals',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('valued_on', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('grade', sa.String(length=10), nullable=False),
    sa.Column('board_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('network', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('intent', sa.String(length=3), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('quantity', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rows', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['board_id'], ['boards.id'], name=op.f('fk_entry_totals_board_id_boards')),
    sa.PrimaryKeyConstraint('day', 'valued_on', 'kind', 'grade', 'board_id', 'network', 'language', 'intent', 'channel', name=op.f('pk_entry_totals'))
    )
    op.create_table('exchange_rates',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('rate', sa.Numeric(precision=18, scale=8), nullable=False),
    sa.Column('into', sa.String(length=3), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('entered_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entered_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['entered_by_id'], ['accounts.id'], name=op.f('fk_exchange_rates_entered_by_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exchange_rates'))
    )
    op.create_table('programme_costs',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('period', sa.String(length=7), nullable=False),
    sa.Column('part', sa.String(length=20), nullable=False),
    sa.Column('amount', sa.Numeric(precision=14, scale=2), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('entered_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entered_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['entered_by_id'], ['accounts.id'], name=op.f('fk_programme_costs_entered_by_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_costs'))
    )
    with op.batch_alter_table('programme_costs', schema=None) as batch_op:
        batch_op.create_index('ix_programme_costs_period', ['period'], unique=False)

    op.create_table('reader_weeks',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('week', sa.Date(), nullable=False),
    sa.Column('reader', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('by_staff', sa.Boolean(), nullable=False),
    sa.Column('salt_number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('first_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('last_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('views', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('drawn', sa.Boolean(), nullable=False),
    sa.Column('draw_share', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('bot_at', base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('bot_why', sa.String(length=40), nullable=True),
    sa.Column('due_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_at', base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.Column('review_from', base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_reader_weeks_account_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reader_weeks')),
    sa.UniqueConstraint('week', 'reader', name=op.f('uq_reader_weeks_week_reader'))
    )
    with op.batch_alter_table('reader_weeks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reader_weeks_account_id'), ['account_id'], unique=False)
        batch_op.create_index('ix_reader_weeks_review', ['review_from'], unique=False, sqlite_where=sa.text('review_from IS NOT NULL'), postgresql_where=sa.text('review_from IS NOT NULL'))
        batch_op.create_index('ix_reader_weeks_drawn', ['due_at', 'outcome', 'id'], unique=False, sqlite_where=sa.text('drawn = 1'), postgresql_where=sa.text('drawn'))
        batch_op.create_index('ix_reader_weeks_lapsed', ['due_at', 'reason'], unique=False, sqlite_where=sa.text("outcome = 'lapsed'"), postgresql_where=sa.text("outcome = 'lapsed'"))
        batch_op.create_index('ix_reader_weeks_due', ['due_at'], unique=False, sqlite_where=sa.text('decided_at IS NULL'), postgresql_where=sa.text('decided_at IS NULL'))

    op.create_table('response_targets',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('network', sa.String(length=20), nullable=False),
    sa.Column('minutes', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('share', sa.Numeric(precision=5, scale=4), nullable=False),
    sa.Column('set_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('set_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['set_by_id'], ['accounts.id'], name=op.f('fk_response_targets_set_by_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_response_targets'))
    )
    op.create_table('saved_views',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('query', sa.Text(), nullable=False),
    sa.Column('made_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('mailed_since', base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_saved_views_account_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_views')),
    sa.UniqueConstraint('account_id', 'name', name=op.f('uq_saved_views_account_id_name'))
    )
    op.create_table('contacts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('external_id', sa.String(length=120), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('happened_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('customer_hash', sa.String(length=64), nullable=True),
    sa.Column('email_hash', sa.String(length=64), nullable=True),
    sa.Column('imported_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['contact_files.id'], name=op.f('fk_contacts_file_id_contact_files')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contacts')),
    sa.UniqueConstraint('source', 'external_id', name=op.f('uq_contacts_source_external_id'))
    )
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.create_index('ix_contacts_customer_hash', ['customer_hash', 'happened_at'], unique=False)
        batch_op.create_index('ix_contacts_email_hash', ['email_hash', 'happened_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_contacts_file_id'), ['file_id'], unique=False)
        batch_op.create_index('ix_contacts_happened_at', ['happened_at', 'file_id'], unique=False)

    op.create_table('surveys',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reader_week_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('thread_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('problem', sa.String(length=3), nullable=True),
    sa.Column('found', sa.String(length=3), nullable=True),
    sa.Column('contact', sa.String(length=3), nullable=True),
    sa.Column('enough', sa.String(length=3), nullable=True),
    sa.Column('channel', sa.String(length=20), nullable=True),
    sa.Column('begun_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('answered_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['reader_week_id'], ['reader_weeks.id'], name=op.f('fk_surveys_reader_week_id_reader_weeks')),
    sa.ForeignKeyConstraint(['thread_id'], ['threads.id'], name=op.f('fk_surveys_thread_id_threads')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_surveys')),
    sa.UniqueConstraint('reader_week_id', name=op.f('uq_surveys_reader_week_id'))
    )
    op.create_table('thread_views',
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('thread_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('views', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['thread_id'], ['threads.id'], name=op.f('fk_thread_views_thread_id_threads')),
    sa.PrimaryKeyConstraint('month', 'thread_id', name=op.f('pk_thread_views'))
    )
    op.create_table('month_views',
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('views', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('month', name=op.f('pk_month_views'))
    )
    op.create_table('answer_totals',
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('valued_month', sa.Date(), nullable=False),
    sa.Column('acceptance_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('network', sa.String(length=20), nullable=False),
    sa.Column('intent', sa.String(length=3), nullable=False),
    sa.Column('thread_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quantity', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rows', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['acceptance_id'], ['acceptances.id'], name=op.f('fk_answer_totals_acceptance_id_acceptances')),
    sa.ForeignKeyConstraint(['thread_id'], ['threads.id'], name=op.f('fk_answer_totals_thread_id_threads')),
    sa.PrimaryKeyConstraint('month', 'valued_month', 'acceptance_id', 'kind', 'network', 'intent', name=op.f('pk_answer_totals'))
    )
    with op.batch_alter_table('answer_totals', schema=None) as batch_op:
        batch_op.create_index('ix_answer_totals_acceptance_id', ['acceptance_id'], unique=False)
        batch_op.create_index('ix_answer_totals_thread_id', ['thread_id'], unique=False)

    op.create_table('readings',
    sa.Column('reader_week_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('acceptance_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('thread_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('first_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['acceptance_id'], ['acceptances.id'], name=op.f('fk_readings_acceptance_id_acceptances')),
    sa.ForeignKeyConstraint(['reader_week_id'], ['reader_weeks.id'], name=op.f('fk_readings_reader_week_id_reader_weeks')),
    sa.ForeignKeyConstraint(['thread_id'], ['threads.id'], name=op.f('fk_readings_thread_id_threads')),
    sa.PrimaryKeyConstraint('reader_week_id', 'acceptance_id', name=op.f('pk_readings'))
    )
    with op.batch_alter_table('readings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_readings_acceptance_id'), ['acceptance_id'], unique=False)

    op.create_table('contact_matches',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('contact_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('claim_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('matched_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['claim_id'], ['claims.id'], name=op.f('fk_contact_matches_claim_id_claims')),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_contact_matches_contact_id_contacts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_matches')),
    sa.UniqueConstraint('contact_id', 'claim_id', name=op.f('uq_contact_matches_contact_id_claim_id'))
    )
    with op.batch_alter_table('contact_matches', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_matches_claim_id'), ['claim_id'], unique=False)

    op.add_column('accounts', sa.Column('customer_number', sa.String(length=60), nullable=True))
    op.create_index('ix_accounts_customer_number', 'accounts', ['customer_number'], unique=True)
    op.add_column('claims', sa.Column('matchable_at', base.UtcDateTime(timezone=True), nullable=True))
    op.add_column('claims', sa.Column('review_from', base.UtcDateTime(timezone=True), nullable=True))
    op.create_index('ix_claims_review', 'claims', ['review_from'], unique=False, sqlite_where=sa.text('review_from IS NOT NULL'), postgresql_where=sa.text('review_from IS NOT NULL'))
    _widen_the_ledger()
    _add_up()


def _widen_the_ledger() -> None:
    """What a row is told apart by is written on the rows that stand already, as their threads and claims have it now."""
    with op.batch_alter_table('ledger_entries', schema=None) as batch_op:
        batch_op.alter_column('claim_id', existing_type=BIG, nullable=True)
        for column in (
            sa.Column('reader_week_id', BIG, nullable=True),
            sa.Column('board_id', BIG, nullable=True),
            sa.Column('network', sa.String(length=20), nullable=False, server_default='here'),
            sa.Column('language', sa.String(length=20), nullable=False, server_default=''),
            sa.Column('intent', sa.String(length=3), nullable=False, server_default=''),
            sa.Column('channel', sa.String(length=20), nullable=False, server_default=''),
            sa.Column('valued_on', sa.Date(), nullable=True),
        ):
            batch_op.add_column(column)
        batch_op.drop_index('ix_ledger_entries_day')
        batch_op.create_index('ix_ledger_entries_day', ['day', 'id'], unique=False)
        batch_op.create_index('ix_ledger_entries_reader_week_id', ['reader_week_id'], unique=False)
        batch_op.create_foreign_key('fk_ledger_entries_board_id_boards', 'boards', ['board_id'], ['id'])
        batch_op.create_foreign_key(
            'fk_ledger_entries_reader_week_id_reader_weeks', 'reader_weeks', ['reader_week_id'], ['id']
        )
    op.execute("""
        UPDATE ledger_entries SET
          board_id = (SELECT board_id FROM threads WHERE threads.id = ledger_entries.thread_id),
          language = COALESCE((SELECT language FROM threads WHERE threads.id = ledger_entries.thread_id), ''),
          network = COALESCE((SELECT connections.kind FROM mentions JOIN connections ON connections.id = mentions.connection_id
                              WHERE mentions.id = ledger_entries.mention_id), 'here'),
          intent = COALESCE((SELECT CASE WHEN claims.intent = 'yes' THEN 'yes' ELSE '' END FROM claims
                             WHERE claims.id = ledger_entries.claim_id), ''),
          channel = COALESCE((SELECT claims.channel FROM claims WHERE claims.id = ledger_entries.claim_id), ''),
          valued_on = COALESCE((SELECT original.day FROM ledger_entries AS original
                                WHERE original.id = ledger_entries.reverses_id), day)
    """)
    with op.batch_alter_table('ledger_entries', schema=None) as batch_op:
        batch_op.alter_column('board_id', existing_type=BIG, nullable=False)
        batch_op.alter_column('valued_on', existing_type=sa.Date(), nullable=False)
        for name, length in (('network', 20), ('language', 20), ('intent', 3), ('channel', 20)):
            batch_op.alter_column(name, existing_type=sa.String(length=length), server_default=None)


def _add_up() -> None:
    """The rollups of the rows that stand already."""
    op.execute("""
        INSERT INTO entry_totals (day, valued_on, kind, grade, board_id, network, language, intent, channel, quantity, rows)
        SELECT day, valued_on, kind, grade, board_id, network, language, intent, channel, SUM(quantity), COUNT(*)
        FROM ledger_entries
        GROUP BY day, valued_on, kind, grade, board_id, network, language, intent, channel
    """)
    first = "date({0}, 'start of month')" if op.get_bind().dialect.name == 'sqlite' else "date_trunc('month', {0})::date"
    month, valued = first.format('day'), first.format('valued_on')
    op.execute(f"""
        INSERT INTO answer_totals (month, valued_month, acceptance_id, kind, network, intent, thread_id, quantity, rows)
        SELECT {month}, {valued}, acceptance_id, kind, network, intent, MIN(thread_id), SUM(quantity), COUNT(*)
        FROM ledger_entries
        GROUP BY {month}, {valued}, acceptance_id, kind, network, intent
    """)
