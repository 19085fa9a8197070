"""Superfans

Revision: 0003, after 0002
Made: 2026-11-22 04:53:13.718015
"""

from datetime import UTC, date, timedelta

import sqlalchemy as sa
from alembic import op

from forum.kernel import base

revision = '0003'
down_revision = '0002'

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
ALL_RIGHTS = '["accept_for_others", "send_without_approval", "edit_tags", "move_threads", "enter_private_boards"]'
DEFAULTED = (
    ('accounts', 'unread_notices', BIG), ('accounts', 'rights', sa.JSON()), ('kudos', 'trust', sa.String(length=10)),
    ('point_entries', 'kind', sa.String(length=24)), ('posts', 'down_count', BIG), ('superfan_grants', 'rights', sa.JSON()),
    ('superfan_grants', 'paused_why', sa.String(length=300)),
)


def upgrade() -> None:
    op.create_table('badges',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('formula', sa.Text(), nullable=False),
    sa.Column('titles', sa.JSON(), nullable=False),
    sa.Column('descriptions', sa.JSON(), nullable=False),
    sa.Column('icon', sa.String(length=30), nullable=False),
    sa.Column('colour', sa.String(length=20), nullable=False),
    sa.Column('repeats', sa.Boolean(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.Column('made_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('retired_at', base.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_badges')),
    sa.UniqueConstraint('name', name=op.f('uq_badges_name'))
    )
    op.create_table('imported_rows',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('remote_id', sa.String(length=60), nullable=False),
    sa.Column('local_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imported_rows')),
    sa.UniqueConstraint('source', 'kind', 'remote_id', name=op.f('uq_imported_rows_source_kind_remote_id'))
    )
    op.create_table('ranks',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('formula', sa.Text(), nullable=False),
    sa.Column('titles', sa.JSON(), nullable=False),
    sa.Column('icon', sa.String(length=30), nullable=False),
    sa.Column('colour', sa.String(length=20), nullable=False),
    sa.Column('rights', sa.JSON(), nullable=False),
    sa.Column('grace_days', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('made_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('retired_at', base.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ranks')),
    sa.UniqueConstraint('name', name=op.f('uq_ranks_name'))
    )
    op.create_table('availability',
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('hours', sa.JSON(), nullable=False),
    sa.Column('away_until', base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('asks_a_day', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('last_here_at', base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('answers', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('learnt_at', base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_availability_account_id_accounts')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_availability'))
    )
    with op.batch_alter_table('availability', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_availability_learnt_at'), ['learnt_at'], unique=False)

    op.create_table('badge_awards',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('badge_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('pinned_at', base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('revoked_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_badge_awards_account_id_accounts')),
    sa.ForeignKeyConstraint(['badge_id'], ['badges.id'], name=op.f('fk_badge_awards_badge_id_badges')),
    sa.ForeignKeyConstraint(['revoked_by_id'], ['accounts.id'], name=op.f('fk_badge_awards_revoked_by_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_badge_awards')),
    sa.UniqueConstraint('badge_id', 'account_id', 'number', name=op.f('uq_badge_awards_badge_id_account_id_number'))
    )
    with op.batch_alter_table('badge_awards', schema=None) as batch_op:
        batch_op.create_index('ix_badge_awards_account_id', ['account_id', 'at'], unique=False)

    op.create_table('expertise',
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('field', sa.String(length=10), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('weight', sa.Float(), nullable=False),
    sa.Column('learnt_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_expertise_account_id_accounts')),
    sa.PrimaryKeyConstraint('account_id', 'field', 'subject', name=op.f('pk_expertise'))
    )
    with op.batch_alter_table('expertise', schema=None) as batch_op:
        batch_op.create_index('ix_expertise_subject', ['field', 'subject', 'weight'], unique=False)

    op.create_table('expertise_due',
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('since', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('mark', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_expertise_due_account_id_accounts')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_expertise_due'))
    )
    with op.batch_alter_table('expertise_due', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_expertise_due_since'), ['since'], unique=False)

    op.create_table('expertise_mutes',
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('field', sa.String(length=10), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('since', base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_expertise_mutes_account_id_accounts')),
    sa.PrimaryKeyConstraint('account_id', 'field', 'subject', name=op.f('pk_expertise_mutes'))
    )
    op.create_table('member_measures',
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('measured_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_member_measures_account_id_accounts')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_member_measures'))
    )
    with op.batch_alter_table('member_measures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_member_measures_measured_at'), ['measured_at'], unique=False)

    op.create_table('notice_choices',
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('event', sa.String(length=30), nullable=False),
    sa.Column('in_page', sa.Boolean(), nullable=False),
    sa.Column('by_mail', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_notice_choices_account_id_accounts')),
    sa.PrimaryKeyConstraint('account_id', 'event', name=op.f('pk_notice_choices'))
    )
    op.create_table('point_weights',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('board_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('daily_cap', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('set_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('set_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['board_id'], ['boards.id'], name=op.f('fk_point_weights_board_id_boards')),
    sa.ForeignKeyConstraint(['set_by_id'], ['accounts.id'], name=op.f('fk_point_weights_set_by_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_point_weights'))
    )
    with op.batch_alter_table('point_weights', schema=None) as batch_op:
        batch_op.create_index('ix_point_weights_kind', ['kind', 'set_at'], unique=False)

    op.create_table('programme_terms',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('texts', sa.JSON(), nullable=False),
    sa.Column('made_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('made_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['made_by_id'], ['accounts.id'], name=op.f('fk_programme_terms_made_by_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_terms'))
    )
    op.create_table('rank_changes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('to_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_rank_changes_account_id_accounts')),
    sa.ForeignKeyConstraint(['from_id'], ['ranks.id'], name=op.f('fk_rank_changes_from_id_ranks')),
    sa.ForeignKeyConstraint(['to_id'], ['ranks.id'], name=op.f('fk_rank_changes_to_id_ranks')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rank_changes'))
    )
    with op.batch_alter_table('rank_changes', schema=None) as batch_op:
        batch_op.create_index('ix_rank_changes_account_id', ['account_id', 'at'], unique=False)

    op.create_table('reviews_due',
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('since', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('mark', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_reviews_due_account_id_accounts')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_reviews_due'))
    )
    with op.batch_alter_table('reviews_due', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reviews_due_since'), ['since'], unique=False)

    op.create_table('standings',
    sa.Column('span', sa.String(length=8), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('scope', sa.String(length=60), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('solutions', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kudos', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_standings_account_id_accounts')),
    sa.PrimaryKeyConstraint('span', 'starts_on', 'scope', 'account_id', name=op.f('pk_standings'))
    )
    with op.batch_alter_table('standings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_standings_account_id'), ['account_id'], unique=False)
        batch_op.create_index('ix_standings_points', ['span', 'starts_on', 'scope', 'points'], unique=False)

    op.create_table('superfan_thanks',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=600), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_superfan_thanks_account_id_accounts')),
    sa.ForeignKeyConstraint(['by_id'], ['accounts.id'], name=op.f('fk_superfan_thanks_by_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_superfan_thanks'))
    )
    with op.batch_alter_table('superfan_thanks', schema=None) as batch_op:
        batch_op.create_index('ix_superfan_thanks_account_id', ['account_id', 'at'], unique=False)

    op.create_table('suspicions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('score', sa.Float(), nullable=False),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('found_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('settled_at', base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('settled_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('why', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['settled_by_id'], ['accounts.id'], name=op.f('fk_suspicions_settled_by_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suspicions')),
    sa.UniqueConstraint('key', name=op.f('uq_suspicions_key'))
    )
    with op.batch_alter_table('suspicions', schema=None) as batch_op:
        batch_op.create_index('ix_suspicions_state', ['state', 'found_at'], unique=False)

    op.create_table('help_requests',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('thread_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('wave', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('score', sa.Float(), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('asked_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('snoozed_until', base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('reply', sa.String(length=10), nullable=True),
    sa.Column('replied_at', base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_help_requests_account_id_accounts')),
    sa.ForeignKeyConstraint(['thread_id'], ['threads.id'], name=op.f('fk_help_requests_thread_id_threads')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_help_requests')),
    sa.UniqueConstraint('thread_id', 'account_id', name=op.f('uq_help_requests_thread_id_account_id'))
    )
    with op.batch_alter_table('help_requests', schema=None) as batch_op:
        batch_op.create_index('ix_help_requests_account_id', ['account_id', 'asked_at'], unique=False)

    op.create_table('help_rounds',
    sa.Column('thread_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('wave', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('begun_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('due_at', base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['thread_id'], ['threads.id'], name=op.f('fk_help_rounds_thread_id_threads')),
    sa.PrimaryKeyConstraint('thread_id', name=op.f('pk_help_rounds'))
    )
    with op.batch_alter_table('help_rounds', schema=None) as batch_op:
        batch_op.create_index('ix_help_rounds_due_at', ['due_at'], unique=False, sqlite_where=sa.text('due_at IS NOT NULL'), postgresql_where=sa.text('due_at IS NOT NULL'))

    op.create_table('superfan_invitations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('terms_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('expires_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.String(length=10), nullable=True),
    sa.Column('answered_at', base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_superfan_invitations_account_id_accounts')),
    sa.ForeignKeyConstraint(['by_id'], ['accounts.id'], name=op.f('fk_superfan_invitations_by_id_accounts')),
    sa.ForeignKeyConstraint(['terms_id'], ['programme_terms.id'], name=op.f('fk_superfan_invitations_terms_id_programme_terms')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_superfan_invitations'))
    )
    with op.batch_alter_table('superfan_invitations', schema=None) as batch_op:
        batch_op.create_index('ix_superfan_invitations_at', ['at'], unique=False)
        batch_op.create_index('uq_superfan_invitations_open', ['account_id'], unique=True, sqlite_where=sa.text('answered_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL'))

    op.create_table('suspicion_members',
    sa.Column('suspicion_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_suspicion_members_account_id_accounts')),
    sa.ForeignKeyConstraint(['suspicion_id'], ['suspicions.id'], name=op.f('fk_suspicion_members_suspicion_id_suspicions')),
    sa.PrimaryKeyConstraint('suspicion_id', 'account_id', name=op.f('pk_suspicion_members'))
    )
    with op.batch_alter_table('suspicion_members', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_suspicion_members_account_id'), ['account_id'], unique=False)

    op.create_table('thread_links',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('thread_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('other_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('made_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['made_by_id'], ['accounts.id'], name=op.f('fk_thread_links_made_by_id_accounts')),
    sa.ForeignKeyConstraint(['other_id'], ['threads.id'], name=op.f('fk_thread_links_other_id_threads')),
    sa.ForeignKeyConstraint(['thread_id'], ['threads.id'], name=op.f('fk_thread_links_thread_id_threads')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thread_links')),
    sa.UniqueConstraint('thread_id', 'other_id', 'kind', name=op.f('uq_thread_links_thread_id_other_id_kind'))
    )
    op.create_table('imported_votes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('remote_id', sa.String(length=60), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('up', sa.Boolean(), nullable=False),
    sa.Column('at', base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_imported_votes_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imported_votes')),
    sa.UniqueConstraint('source', 'remote_id', name=op.f('uq_imported_votes_source_remote_id'))
    )
    with op.batch_alter_table('imported_votes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_imported_votes_post_id'), ['post_id'], unique=False)

    op.create_table('notices',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event', sa.String(length=30), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('thread_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('in_page', sa.Boolean(), nullable=False),
    sa.Column('made_at', base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('read_at', base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('mail_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_notices_account_id_accounts')),
    sa.ForeignKeyConstraint(['by_id'], ['accounts.id'], name=op.f('fk_notices_by_id_accounts')),
    sa.ForeignKeyConstraint(['mail_id'], ['deliveries.id'], name=op.f('fk_notices_mail_id_deliveries')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_notices_post_id_posts')),
    sa.ForeignKeyConstraint(['thread_id'], ['threads.id'], name=op.f('fk_notices_thread_id_threads')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices')),
    sa.UniqueConstraint('account_id', 'key', name=op.f('uq_notices_account_id_key'))
    )
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.create_index('ix_notices_account_id', ['account_id', 'made_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notices_mail_id'), ['mail_id'], unique=False)
        batch_op.create_index('ix_notices_unread', ['account_id', 'post_id'], unique=False, sqlite_where=sa.text('read_at IS NULL'), postgresql_where=sa.text('read_at IS NULL'))

    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('unread_notices', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('mail_paused_until', base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('rank_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('rank_falls_at', base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('rights', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('off_leaderboards_since', base.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_accounts_rank_id_ranks'), 'ranks', ['rank_id'], ['id'])

    with op.batch_alter_table('boards', schema=None) as batch_op:
        batch_op.add_column(sa.Column('private_since', base.UtcDateTime(timezone=True), nullable=True))

    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.add_column(sa.Column('edited_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('taken_over_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('refused_why', sa.String(length=300), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_deliveries_taken_over_by_id_accounts'), 'accounts', ['taken_over_by_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_deliveries_edited_by_id_accounts'), 'accounts', ['edited_by_id'], ['id'])

    with op.batch_alter_table('kudos', schema=None) as batch_op:
        batch_op.add_column(sa.Column('trust', sa.String(length=10), nullable=False, server_default='member'))
        batch_op.add_column(sa.Column('voided_at', base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('voided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_kudos_voided_by_suspicions'), 'suspicions', ['voided_by'], ['id'])

    with op.batch_alter_table('point_entries', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=24), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('thread_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('board_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('language', sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column('network', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('why', sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column('of_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.alter_column('cause',
               existing_type=sa.VARCHAR(length=80),
               type_=sa.String(length=120),
               existing_nullable=False)
        batch_op.create_index('ix_point_entries_by_cause', ['cause'], unique=False)
        batch_op.create_index('uq_point_entries_of_id', ['of_id'], unique=True)
        batch_op.create_foreign_key(batch_op.f('fk_point_entries_thread_id_threads'), 'threads', ['thread_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_point_entries_of_id_point_entries'), 'point_entries', ['of_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_point_entries_board_id_boards'), 'boards', ['board_id'], ['id'])

    with op.batch_alter_table('posts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('down_count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, server_default='0'))

    with op.batch_alter_table('revisions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_revisions_edited_by_id'), ['edited_by_id'], unique=False)

    with op.batch_alter_table('superfan_grants', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rights', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('probation_until', base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('promoted_at', base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('promoted_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('paused_at', base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('paused_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('paused_why', sa.String(length=300), nullable=False, server_default=''))
        batch_op.create_index('ix_superfan_grants_probation_until', ['probation_until'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_superfan_grants_promoted_by_id_accounts'), 'accounts', ['promoted_by_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_superfan_grants_paused_by_id_accounts'), 'accounts', ['paused_by_id'], ['id'])
    _fill()
    for table, column, kind in DEFAULTED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, existing_type=kind, existing_nullable=False, server_default=None)


def _fill() -> None:
    """What stands already: each point entry gets its cause's kind and place, superfans keep what they could do, boards are added up.

    Rows keep the worth that the rules of then gave them, and say so.
    """
    op.execute("UPDATE point_entries SET kind = CASE WHEN cause LIKE 'acceptance:%' THEN 'acceptance' WHEN cause LIKE 'kudos:%' THEN 'kudos' ELSE '' END")
    op.execute("""
        UPDATE point_entries SET of_id = (SELECT earned.id FROM point_entries AS earned
          WHERE earned.account_id = point_entries.account_id
            AND earned.cause = REPLACE(point_entries.cause, '\\:withdrawn', ''))
        WHERE cause LIKE '%\\:withdrawn'
    """)
    op.execute("UPDATE point_entries SET why = 'old_rules' WHERE of_id IS NULL")
    subject = "CAST(REPLACE(REPLACE(point_entries.cause, '{0}:', ''), '\\:withdrawn', '') AS INTEGER)"
    op.execute(f"""
        UPDATE point_entries SET thread_id = (SELECT thread_id FROM acceptances WHERE acceptances.id = {subject.format('acceptance')})
        WHERE kind = 'acceptance'
    """)
    op.execute(f"""
        UPDATE point_entries SET thread_id = (SELECT posts.thread_id FROM kudos JOIN posts ON posts.id = kudos.post_id
          WHERE kudos.id = {subject.format('kudos')})
        WHERE kind = 'kudos'
    """)
    op.execute("""
        UPDATE point_entries SET
          board_id = (SELECT board_id FROM threads WHERE threads.id = point_entries.thread_id),
          language = (SELECT language FROM threads WHERE threads.id = point_entries.thread_id),
          network = (SELECT origin_network FROM threads WHERE threads.id = point_entries.thread_id)
    """)
    for table, where in (('accounts', 'superfan_since IS NOT NULL'), ('superfan_grants', 'ended_at IS NULL')):
        op.execute(f"UPDATE {table} SET rights = '{ALL_RIGHTS}' WHERE {where}")
    _add_up()


def _add_up() -> None:
    """The sums that leaderboards read, in days of UTC as forum/superfans/standings.py had them when this was written."""
    connection = op.get_bind()
    entries = sa.table(
        'point_entries', *(sa.column(name) for name in ('account_id', 'kind', 'points', 'board_id', 'language', 'network', 'of_id')),
        sa.column('at', base.UtcDateTime()),
    )
    sums: dict[tuple[str, date, str, int], list[int]] = {}
    for row in connection.execute(sa.select(entries)):
        sign = 1 if row.of_id is None else -1
        day = row.at.astimezone(UTC).date()
        spans = (
            ('week', day - timedelta(days=day.weekday())), ('month', day.replace(day=1)),
            ('quarter', day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)), ('all', date(1970, 1, 1)),
        )
        scopes = ['']
        scopes += [f'{name}:{value}' for name, value in (('board', row.board_id), ('language', row.language), ('network', row.network)) if value]
        for span, starts_on in spans:
            for scope in scopes:
                sum_of = sums.setdefault((span, starts_on, scope, row.account_id), [0, 0, 0])
                sum_of[0] += row.points
                sum_of[1] += sign * (row.kind == 'acceptance')
                sum_of[2] += sign * (row.kind == 'kudos')
    standings = sa.table('standings', *(sa.column(name) for name in ('span', 'scope', 'account_id', 'points', 'solutions', 'kudos')), sa.column('starts_on', sa.Date()))
    rows = [
        {'span': span, 'starts_on': starts_on, 'scope': scope, 'account_id': account, 'points': points, 'solutions': solutions, 'kudos': kudos}
        for (span, starts_on, scope, account), (points, solutions, kudos) in sums.items()
    ]
    if rows:
        connection.execute(standings.insert(), rows)
