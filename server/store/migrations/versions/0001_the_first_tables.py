"""the first tables

Revision ID: 0001
Revises: 
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit',
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=80), nullable=False),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit'))
    )
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_subject'), ['subject'], unique=False)

    op.create_table('documents',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('product', sa.String(length=300), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('holder', sa.String(length=300), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents')),
    sa.UniqueConstraint('kind', 'product', 'country', 'language', 'holder', name=op.f('uq_documents_kind_product_country_language_holder'))
    )
    op.create_table('hcps',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('rpps', sa.String(length=11), nullable=True),
    sa.Column('title', sa.String(length=20), nullable=False),
    sa.Column('given_name', sa.String(length=80), nullable=False),
    sa.Column('family_name', sa.String(length=80), nullable=False),
    sa.Column('profession', sa.String(length=40), nullable=False),
    sa.Column('specialty', sa.String(length=80), nullable=True),
    sa.Column('city', sa.String(length=80), nullable=True),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=True),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('source_date', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hcps')),
    sa.UniqueConstraint('rpps', name=op.f('uq_hcps_rpps'))
    )
    op.create_table('receipts',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('answer', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipts'))
    )
    op.create_table('staff',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
    sa.UniqueConstraint('email', name=op.f('uq_staff_email'))
    )
    op.create_table('streams',
    sa.Column('id', sa.String(length=80), nullable=False),
    sa.Column('head', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_streams'))
    )
    op.create_table('consents',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('hcp_id', sa.String(length=36), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('given', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('wording_version', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('how', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['hcp_id'], ['hcps.id'], name=op.f('fk_consents_hcp_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consents'))
    )
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consents_hcp_id'), ['hcp_id'], unique=False)

    op.create_table('editions',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document_id', sa.String(length=36), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('product', sa.String(length=300), nullable=False),
    sa.Column('substances', sa.JSON(), nullable=False),
    sa.Column('names', sa.JSON(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=True),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('audience', sa.String(length=10), nullable=False),
    sa.Column('holder', sa.String(length=300), nullable=True),
    sa.Column('version', sa.String(length=80), nullable=True),
    sa.Column('dated', sa.Date(), nullable=True),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('licence', sa.Text(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('imported_by', sa.String(length=80), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_by', sa.String(length=80), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_digest', sa.String(length=64), nullable=True),
    sa.Column('approved_country', sa.String(length=2), nullable=True),
    sa.Column('approved_audience', sa.String(length=10), nullable=True),
    sa.Column('approval_note', sa.Text(), nullable=True),
    sa.Column('valid_from', sa.DateTime(timezone=True), nullable=True),
    sa.Column('valid_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by', sa.String(length=80), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawal_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_editions_document_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_editions')),
    sa.UniqueConstraint('digest', name=op.f('uq_editions_digest'))
    )
    with op.batch_alter_table('editions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_editions_document_id'), ['document_id'], unique=False)

    op.create_table('facts',
    sa.Column('stream', sa.String(length=80), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['stream'], ['streams.id'], name=op.f('fk_facts_stream')),
    sa.PrimaryKeyConstraint('stream', 'seq', name=op.f('pk_facts'))
    )
    op.create_table('guests',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('detailing_id', sa.String(length=36), nullable=True),
    sa.Column('hcp_id', sa.String(length=36), nullable=True),
    sa.Column('profession', sa.String(length=40), nullable=True),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('came_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['hcp_id'], ['hcps.id'], name=op.f('fk_guests_hcp_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guests'))
    )
    with op.batch_alter_table('guests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_guests_detailing_id'), ['detailing_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_guests_hcp_id'), ['hcp_id'], unique=False)

    op.create_table('staff_sessions',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('staff_id', sa.String(length=36), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_staff_sessions_staff_id')),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_staff_sessions'))
    )
    with op.batch_alter_table('staff_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_sessions_staff_id'), ['staff_id'], unique=False)

    op.create_table('adverse_event_reports',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('guest_id', sa.String(length=36), nullable=True),
    sa.Column('staff_id', sa.String(length=36), nullable=True),
    sa.Column('detailing_id', sa.String(length=36), nullable=True),
    sa.Column('question_id', sa.String(length=36), nullable=True),
    sa.Column('inquiry_id', sa.String(length=36), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('how', sa.String(length=20), nullable=False),
    sa.Column('labels', sa.JSON(), nullable=False),
    sa.Column('criteria', sa.JSON(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['guest_id'], ['guests.id'], name=op.f('fk_adverse_event_reports_guest_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_adverse_event_reports_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_adverse_event_reports')),
    sa.UniqueConstraint('number', name=op.f('uq_adverse_event_reports_number')),
    sa.UniqueConstraint('question_id', name=op.f('uq_adverse_event_reports_question_id'))
    )
    with op.batch_alter_table('adverse_event_reports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_adverse_event_reports_guest_id'), ['guest_id'], unique=False)

    op.create_table('detailings',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('rep_id', sa.String(length=36), nullable=False),
    sa.Column('deck_id', sa.String(length=36), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('scheduled_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['deck_id'], ['editions.id'], name=op.f('fk_detailings_deck_id')),
    sa.ForeignKeyConstraint(['rep_id'], ['staff.id'], name=op.f('fk_detailings_rep_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_detailings'))
    )
    with op.batch_alter_table('detailings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_detailings_deck_id'), ['deck_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_detailings_rep_id'), ['rep_id'], unique=False)

    op.create_table('guest_passes',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('guest_id', sa.String(length=36), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['guest_id'], ['guests.id'], name=op.f('fk_guest_passes_guest_id')),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_guest_passes'))
    )
    with op.batch_alter_table('guest_passes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_guest_passes_guest_id'), ['guest_id'], unique=False)

    op.create_table('medical_inquiries',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('guest_id', sa.String(length=36), nullable=False),
    sa.Column('question_id', sa.String(length=36), nullable=True),
    sa.Column('detailing_id', sa.String(length=36), nullable=True),
    sa.Column('deck_id', sa.String(length=36), nullable=True),
    sa.Column('slide_number', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('product', sa.String(length=300), nullable=True),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('msl_id', sa.String(length=36), nullable=True),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('reference_list', sa.JSON(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['guest_id'], ['guests.id'], name=op.f('fk_medical_inquiries_guest_id')),
    sa.ForeignKeyConstraint(['msl_id'], ['staff.id'], name=op.f('fk_medical_inquiries_msl_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_medical_inquiries')),
    sa.UniqueConstraint('number', name=op.f('uq_medical_inquiries_number'))
    )
    with op.batch_alter_table('medical_inquiries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_medical_inquiries_detailing_id'), ['detailing_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_medical_inquiries_guest_id'), ['guest_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_medical_inquiries_question_id'), ['question_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_medical_inquiries_state'), ['state'], unique=False)

    op.create_table('passages',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('edition_id', sa.String(length=36), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('section', sa.String(length=120), nullable=False),
    sa.Column('path', sa.JSON(), nullable=False),
    sa.Column('start', sa.Integer(), nullable=False),
    sa.Column('end', sa.Integer(), nullable=False),
    sa.Column('page', sa.Integer(), nullable=True),
    sa.Column('is_table', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['editions.id'], name=op.f('fk_passages_edition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passages'))
    )
    with op.batch_alter_table('passages', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_passages_edition_id'), ['edition_id'], unique=False)

    op.create_table('questions',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('guest_id', sa.String(length=36), nullable=False),
    sa.Column('detailing_id', sa.String(length=36), nullable=True),
    sa.Column('deck_id', sa.String(length=36), nullable=True),
    sa.Column('slide_number', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['guest_id'], ['guests.id'], name=op.f('fk_questions_guest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questions'))
    )
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_questions_guest_id'), ['guest_id'], unique=False)

    op.create_table('slides',
    sa.Column('edition_id', sa.String(length=36), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('alt', sa.Text(), nullable=False),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.Column('key_message', sa.Text(), nullable=False),
    sa.Column('topics', sa.JSON(), nullable=False),
    sa.Column('mandatory', sa.Boolean(), nullable=False),
    sa.Column('reference_list', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['editions.id'], name=op.f('fk_slides_edition_id')),
    sa.PrimaryKeyConstraint('edition_id', 'number', name=op.f('pk_slides'))
    )
    op.create_table('invitations',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('detailing_id', sa.String(length=36), nullable=False),
    sa.Column('hcp_id', sa.String(length=36), nullable=True),
    sa.Column('guest_id', sa.String(length=36), nullable=True),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('code_digest', sa.String(length=64), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['detailing_id'], ['detailings.id'], name=op.f('fk_invitations_detailing_id')),
    sa.ForeignKeyConstraint(['guest_id'], ['guests.id'], name=op.f('fk_invitations_guest_id')),
    sa.ForeignKeyConstraint(['hcp_id'], ['hcps.id'], name=op.f('fk_invitations_hcp_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitations')),
    sa.UniqueConstraint('code_digest', name=op.f('uq_invitations_code_digest')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_invitations_token_digest'))
    )
    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitations_detailing_id'), ['detailing_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitations_hcp_id'), ['hcp_id'], unique=False)

    op.create_table('participants',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('detailing_id', sa.String(length=36), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('admitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['detailing_id'], ['detailings.id'], name=op.f('fk_participants_detailing_id')),
    sa.ForeignKeyConstraint(['id'], ['guests.id'], name=op.f('fk_participants_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participants'))
    )
    with op.batch_alter_table('participants', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_participants_detailing_id'), ['detailing_id'], unique=False)

    op.create_table('replies',
    sa.Column('question_id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('citations', sa.JSON(), nullable=False),
    sa.Column('products', sa.JSON(), nullable=False),
    sa.Column('sections', sa.JSON(), nullable=False),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('labels', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_replies_question_id')),
    sa.PrimaryKeyConstraint('question_id', name=op.f('pk_replies'))
    )
    op.create_table('shown_slides',
    sa.Column('detailing_id', sa.String(length=36), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['detailing_id'], ['detailings.id'], name=op.f('fk_shown_slides_detailing_id')),
    sa.PrimaryKeyConstraint('detailing_id', 'seq', name=op.f('pk_shown_slides'))
    )
    op.create_table('viewed_slides',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('detailing_id', sa.String(length=36), nullable=False),
    sa.Column('participant_id', sa.String(length=36), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('milliseconds', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['detailing_id'], ['detailings.id'], name=op.f('fk_viewed_slides_detailing_id')),
    sa.ForeignKeyConstraint(['participant_id'], ['participants.id'], name=op.f('fk_viewed_slides_participant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_viewed_slides'))
    )
    with op.batch_alter_table('viewed_slides', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_viewed_slides_detailing_id_participant_id'), ['detailing_id', 'participant_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('viewed_slides', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_viewed_slides_detailing_id_participant_id'))

    op.drop_table('viewed_slides')
    op.drop_table('shown_slides')
    op.drop_table('replies')
    with op.batch_alter_table('participants', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_participants_detailing_id'))

    op.drop_table('participants')
    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitations_hcp_id'))
        batch_op.drop_index(batch_op.f('ix_invitations_detailing_id'))

    op.drop_table('invitations')
    op.drop_table('slides')
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_questions_guest_id'))

    op.drop_table('questions')
    with op.batch_alter_table('passages', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_passages_edition_id'))

    op.drop_table('passages')
    with op.batch_alter_table('medical_inquiries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_medical_inquiries_state'))
        batch_op.drop_index(batch_op.f('ix_medical_inquiries_question_id'))
        batch_op.drop_index(batch_op.f('ix_medical_inquiries_guest_id'))
        batch_op.drop_index(batch_op.f('ix_medical_inquiries_detailing_id'))

    op.drop_table('medical_inquiries')
    with op.batch_alter_table('guest_passes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_guest_passes_guest_id'))

    op.drop_table('guest_passes')
    with op.batch_alter_table('detailings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_detailings_rep_id'))
        batch_op.drop_index(batch_op.f('ix_detailings_deck_id'))

    op.drop_table('detailings')
    with op.batch_alter_table('adverse_event_reports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_adverse_event_reports_guest_id'))

    op.drop_table('adverse_event_reports')
    with op.batch_alter_table('staff_sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_staff_sessions_staff_id'))

    op.drop_table('staff_sessions')
    with op.batch_alter_table('guests', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_guests_hcp_id'))
        batch_op.drop_index(batch_op.f('ix_guests_detailing_id'))

    op.drop_table('guests')
    op.drop_table('facts')
    with op.batch_alter_table('editions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_editions_document_id'))

    op.drop_table('editions')
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consents_hcp_id'))

    op.drop_table('consents')
    op.drop_table('streams')
    op.drop_table('staff')
    op.drop_table('receipts')
    op.drop_table('hcps')
    op.drop_table('documents')
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_subject'))

    op.drop_table('audit')
