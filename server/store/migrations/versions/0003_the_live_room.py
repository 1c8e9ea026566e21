"""the live room

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('direct_messages',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('detailing_id', sa.String(length=36), nullable=False),
    sa.Column('guest_id', sa.String(length=36), nullable=True),
    sa.Column('staff_id', sa.String(length=36), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('delivered', sa.Boolean(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['guest_id'], ['guests.id'], name=op.f('fk_direct_messages_guest_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_direct_messages_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_direct_messages'))
    )
    with op.batch_alter_table('direct_messages', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_direct_messages_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_direct_messages_detailing_id'), ['detailing_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_direct_messages_guest_id'), ['guest_id'], unique=False)

    op.create_table('polls',
    sa.Column('edition_id', sa.String(length=36), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['editions.id'], name=op.f('fk_polls_edition_id')),
    sa.PrimaryKeyConstraint('edition_id', 'number', name=op.f('pk_polls'))
    )
    op.create_table('asked_polls',
    sa.Column('detailing_id', sa.String(length=36), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('counts', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['detailing_id'], ['detailings.id'], name=op.f('fk_asked_polls_detailing_id')),
    sa.PrimaryKeyConstraint('detailing_id', 'number', name=op.f('pk_asked_polls'))
    )
    op.create_table('call_reports',
    sa.Column('detailing_id', sa.String(length=36), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('absent', sa.JSON(), nullable=False),
    sa.Column('mail_for', sa.JSON(), nullable=False),
    sa.Column('next_contact', sa.Date(), nullable=True),
    sa.Column('facts', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('signed_by', sa.String(length=36), nullable=True),
    sa.ForeignKeyConstraint(['detailing_id'], ['detailings.id'], name=op.f('fk_call_reports_detailing_id')),
    sa.ForeignKeyConstraint(['signed_by'], ['staff.id'], name=op.f('fk_call_reports_signed_by')),
    sa.PrimaryKeyConstraint('detailing_id', name=op.f('pk_call_reports'))
    )
    op.create_table('colleagues',
    sa.Column('detailing_id', sa.String(length=36), nullable=False),
    sa.Column('staff_id', sa.String(length=36), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['detailing_id'], ['detailings.id'], name=op.f('fk_colleagues_detailing_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_colleagues_staff_id')),
    sa.PrimaryKeyConstraint('detailing_id', 'staff_id', name=op.f('pk_colleagues'))
    )
    op.create_table('holds',
    sa.Column('detailing_id', sa.String(length=36), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['detailing_id'], ['detailings.id'], name=op.f('fk_holds_detailing_id')),
    sa.PrimaryKeyConstraint('detailing_id', 'since', name=op.f('pk_holds'))
    )
    op.create_table('offered_documents',
    sa.Column('detailing_id', sa.String(length=36), nullable=False),
    sa.Column('edition_id', sa.String(length=36), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['detailing_id'], ['detailings.id'], name=op.f('fk_offered_documents_detailing_id')),
    sa.ForeignKeyConstraint(['edition_id'], ['editions.id'], name=op.f('fk_offered_documents_edition_id')),
    sa.PrimaryKeyConstraint('detailing_id', 'edition_id', name=op.f('pk_offered_documents'))
    )
    op.create_table('call_report_amendments',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('detailing_id', sa.String(length=36), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['staff.id'], name=op.f('fk_call_report_amendments_by')),
    sa.ForeignKeyConstraint(['detailing_id'], ['call_reports.detailing_id'], name=op.f('fk_call_report_amendments_detailing_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_report_amendments'))
    )
    with op.batch_alter_table('call_report_amendments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_call_report_amendments_detailing_id'), ['detailing_id'], unique=False)

    op.create_table('document_receipts',
    sa.Column('participant_id', sa.String(length=36), nullable=False),
    sa.Column('edition_id', sa.String(length=36), nullable=False),
    sa.Column('how', sa.String(length=12), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['editions.id'], name=op.f('fk_document_receipts_edition_id')),
    sa.ForeignKeyConstraint(['participant_id'], ['participants.id'], name=op.f('fk_document_receipts_participant_id')),
    sa.PrimaryKeyConstraint('participant_id', 'edition_id', 'how', name=op.f('pk_document_receipts'))
    )
    op.create_table('poll_answers',
    sa.Column('participant_id', sa.String(length=36), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('option', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participants.id'], name=op.f('fk_poll_answers_participant_id')),
    sa.PrimaryKeyConstraint('participant_id', 'number', name=op.f('pk_poll_answers'))
    )
    op.create_table('connected_spans',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('participant_id', sa.String(length=36), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participants.id'], name=op.f('fk_connected_spans_participant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_connected_spans'))
    )
    with op.batch_alter_table('connected_spans', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_connected_spans_participant_id'), ['participant_id'], unique=False)

    op.create_table('reactions',
    sa.Column('participant_id', sa.String(length=36), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participants.id'], name=op.f('fk_reactions_participant_id')),
    sa.PrimaryKeyConstraint('participant_id', 'number', 'kind', name=op.f('pk_reactions'))
    )
    op.create_table('socket_tickets',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('session_digest', sa.String(length=64), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('detailing_id', sa.String(length=36), nullable=True),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_socket_tickets'))
    )
    with op.batch_alter_table('socket_tickets', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_socket_tickets_until'), ['until'], unique=False)

    with op.batch_alter_table('detailings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('planned_minutes', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('presenter_id', sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column('epoch', sa.Integer(), server_default='1', nullable=False))
        batch_op.add_column(sa.Column('held_since', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('calls', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('incomplete_reason', sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column('locked', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('rehearsal', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_foreign_key(batch_op.f('fk_detailings_presenter_id'), 'staff', ['presenter_id'], ['id'])

    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('used', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('sequence', sa.Integer(), server_default='0', nullable=False))

    with op.batch_alter_table('participants', schema=None) as batch_op:
        batch_op.add_column(sa.Column('hand_raised_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('rating', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('link_reused', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('former_id', sa.String(length=36), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_participants_former_id'), 'participants', ['former_id'], ['id'])

    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('answered_orally_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_questions_asked_at'), ['asked_at'], unique=False)

    with op.batch_alter_table('replies', schema=None) as batch_op:
        batch_op.add_column(sa.Column('useful', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('shortcoming', sa.String(length=20), nullable=True))

    with op.batch_alter_table('staff', schema=None) as batch_op:
        batch_op.add_column(sa.Column('products', sa.JSON(), server_default='[]', nullable=False))

    with op.batch_alter_table('viewed_slides', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_viewed_slides_participant_id_at'), ['participant_id', 'at'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('viewed_slides', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_viewed_slides_participant_id_at'))

    with op.batch_alter_table('staff', schema=None) as batch_op:
        batch_op.drop_column('products')

    with op.batch_alter_table('replies', schema=None) as batch_op:
        batch_op.drop_column('shortcoming')
        batch_op.drop_column('useful')

    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_questions_asked_at'))
        batch_op.drop_column('answered_orally_at')

    with op.batch_alter_table('participants', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_participants_former_id'), type_='foreignkey')
        batch_op.drop_column('former_id')
        batch_op.drop_column('link_reused')
        batch_op.drop_column('rating')
        batch_op.drop_column('hand_raised_at')

    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.drop_column('sequence')
        batch_op.drop_column('used')
        batch_op.drop_column('revoked_at')

    with op.batch_alter_table('detailings', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_detailings_presenter_id'), type_='foreignkey')
        batch_op.drop_column('rehearsal')
        batch_op.drop_column('locked')
        batch_op.drop_column('incomplete_reason')
        batch_op.drop_column('calls')
        batch_op.drop_column('held_since')
        batch_op.drop_column('epoch')
        batch_op.drop_column('presenter_id')
        batch_op.drop_column('planned_minutes')

    with op.batch_alter_table('socket_tickets', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_socket_tickets_until'))

    op.drop_table('socket_tickets')
    op.drop_table('reactions')
    with op.batch_alter_table('connected_spans', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_connected_spans_participant_id'))

    op.drop_table('connected_spans')
    op.drop_table('poll_answers')
    op.drop_table('document_receipts')
    with op.batch_alter_table('call_report_amendments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_call_report_amendments_detailing_id'))

    op.drop_table('call_report_amendments')
    op.drop_table('offered_documents')
    op.drop_table('holds')
    op.drop_table('colleagues')
    op.drop_table('call_reports')
    op.drop_table('asked_polls')
    op.drop_table('polls')
    with op.batch_alter_table('direct_messages', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_direct_messages_guest_id'))
        batch_op.drop_index(batch_op.f('ix_direct_messages_detailing_id'))
        batch_op.drop_index(batch_op.f('ix_direct_messages_at'))

    op.drop_table('direct_messages')
