// Generated from the messages of the server's rooms by `python -m server.edge.contract`. Do not edit.

/** A stored fact on its way: `seq` counts from 1 without gaps in `stream`, `at` is UTC in ISO 8601. */
export interface Envelope<Name extends string, Body> {
  stream: string;
  seq: number;
  name: Name;
  at: string;
  body: Body;
}

/** To the one HCP: the rep let you in. */
export interface AdmissionGranted {
}

/** To the one person: the rep did not let you in. */
export interface AdmissionRefused {
}

/** The rep lets one HCP in from the lobby. */
export interface AdmitHcp {
  id: string;
  participant_id: string;
}

/** To the HCP: what you told was passed to pharmacovigilance under this number. */
export interface AdverseEventReported {
  report_id: string;
  number: string;
}

/** The MSL answers the asker, and nobody else. `passage_ids`: approved passages to attach as references. */
export interface AnswerInquiry {
  id: string;
  inquiry_id: string;
  text: string;
  passage_ids?: string[];
}

/** The HCP asks the assistant. `language` is that of the page, a hint for reading the question. */
export interface AskQuestion {
  id: string;
  text: string;
  language: "fr" | "en";
}

/** The MSL takes an inquiry on; of two at once, one gets it. */
export interface AssignInquiry {
  id: string;
  inquiry_id: string;
}

/** Words of an approved passage, with all that is needed to find them again. `start` and `end` are character offsets in the edition's text; `passage_id` opens the passage in place. Said again later, `text` is empty where the edition may no longer be shown. */
export interface CitedPassage {
  edition_id: string;
  passage_id: string;
  title: string;
  section: string;
  path: string[];
  text: string;
  start: number;
  end: number;
  page: number | null;
  language: string;
  table: boolean;
}

/** The session is over. `reason`: `rep` when the rep closed it, `content` when its deck may no longer be shown. */
export interface DetailingEnded {
  reason: string;
}

/** The session as one of its HCPs may know it. */
export interface DetailingForHcp {
  state: string;
  number: number | null;
  shown: Record<string, any>[];
  total: number;
  deck_title: string;
  rep_name: string;
  scheduled_at: string;
}

/** The state of the session for its presenter. `shown`: the slides shown so far, in the order of their first time. */
export interface DetailingForRep {
  state: string;
  number: number | null;
  shown: number[];
  total: number;
  started_at: string | null;
  ended_at: string | null;
}

/** The session is live. */
export interface DetailingStarted {
}

/** The rep closes the session; HCPs keep their summary. */
export interface EndDetailing {
  id: string;
}

/** The HCP is in the room. */
export interface HcpAdmitted {
  participant_id: string;
}

/** Someone is in the lobby. The name is there only for an HCP who consented to the tracking of this session. */
export interface HcpArrived {
  participant_id: string;
  name: string | null;
  profession: string | null;
}

/** This participant is gone for good; who goes on without tracking comes back as another, nameless one. */
export interface HcpLeft {
  participant_id: string;
}

/** The person was turned away. */
export interface HcpRefused {
  participant_id: string;
}

/** What an HCP's page starts from. `participant` and `detailing` are None on the lab's site. */
export interface HcpSnapshot {
  participant: Myself | null;
  detailing: DetailingForHcp | null;
  conversation: Record<string, any>[];
  heads: Record<string, number>;
}

/** To the HCP: your request has a number and a promised time (UTC). */
export interface InquiryAccepted {
  inquiry_id: string;
  number: string;
  question_id: string | null;
  due_at: string;
}

/** To the HCP alone: the MSL's answer, with its references. */
export interface InquiryAnswered {
  inquiry_id: string;
  number: string;
  msl_name: string;
  text: string;
  references: string[];
}

/** Someone has it now. */
export interface InquiryAssigned {
  inquiry_id: string;
  msl_id: string;
  msl_name: string;
}

/** It was answered. */
export interface InquiryClosed {
  inquiry_id: string;
}

/** One line of the desk's queue. */
export interface InquiryLine {
  inquiry_id: string;
  number: string;
  product: string | null;
  reason: string;
  excerpt: string;
  language: string;
  opened_at: string;
  due_at: string;
  state: string;
  msl_id: string | null;
  msl_name: string | null;
}

/** A new line in the queue. */
export interface InquiryOpened {
  inquiry_id: string;
  number: string;
  product: string | null;
  reason: string;
  excerpt: string;
  language: string;
  due_at: string;
}

/** To the rep: a request exists and where it stands. Never its words, its answer or its notes. */
export interface InquiryProgressed {
  number: string;
  state: "queued" | "assigned" | "answered";
}

/** It is back in the queue. */
export interface InquiryReleased {
  inquiry_id: string;
}

/** To the HCP: this person is answering you. */
export interface InquiryTaken {
  inquiry_id: string;
  number: string;
  msl_name: string;
}

/** Which slide the HCP has before them now, and whether their tab is visible. */
export interface Look {
  number?: number | null;
  visible: boolean;
}

/** What the desk starts from. */
export interface MslSnapshot {
  inquiries: InquiryLine[];
  heads: Record<string, number>;
}

/** The HCP's own place in a session: waiting, admitted, refused or left. */
export interface Myself {
  id: string;
  name: string | null;
  tracked: boolean;
  state: string;
}

/** A participant, and where they are looking now. */
export interface Presence {
  id: string;
  name: string | null;
  profession: string | null;
  state: string;
  viewed: Record<string, number>;
  number: number | null;
  visible: boolean;
  connected: boolean;
}

/** Where a participant is looking now. */
export interface PresenceChanged {
  participant_id: string;
  number: number | null;
  visible: boolean;
  connected: boolean;
}

/** The HCP's own words are on record. `slide_number`: the slide on screen at that moment, if any. */
export interface QuestionAsked {
  question_id: string;
  text: string;
  slide_number: number | null;
}

/** A question as the presenter may know it: see `QuestionHeard`. */
export interface QuestionForRep {
  question_id: string;
  participant_id: string;
  slide_number: number | null;
  outcome: string;
  text: string | null;
  documents: string[];
  at: string;
}

/** To the rep: a question was asked. Its words are there only if approved content answered it and no report was in it. */
export interface QuestionHeard {
  question_id: string;
  participant_id: string;
  slide_number: number | null;
  outcome: "answer" | "clarify" | "handover" | "decline";
  text: string | null;
  documents: string[];
}

/** The rep turns one person in the lobby away; the same link does not bring them back. */
export interface RefuseHcp {
  id: string;
  participant_id: string;
}

/** The MSL gives an inquiry back to the queue. */
export interface ReleaseInquiry {
  id: string;
  inquiry_id: string;
}

/** What the presenter's console starts from. */
export interface RepSnapshot {
  detailing: DetailingForRep;
  participants: Presence[];
  questions: QuestionForRep[];
  requests: RequestForRep[];
  heads: Record<string, number>;
}

/** What the assistant replied: approved sentences, a question back, an offer of a person, or a polite no. `reason` is one of those in `bot.model`; `options` are the names to choose from when `kind` is `clarify`; `report_taken` says that the message was passed to pharmacovigilance. */
export interface ReplyGiven {
  question_id: string;
  kind: "answer" | "clarify" | "handover" | "decline";
  reason: string;
  options: string[];
  citations: CitedPassage[];
  report_taken: boolean;
}

/** Someone reports a suspected adverse event in their own words, however incomplete. */
export interface ReportAdverseEvent {
  id: string;
  text: string;
}

/** That a request exists and where it stands: all that sales may know of it. */
export interface RequestForRep {
  number: string;
  state: string;
}

/** The HCP wants an answer from a person. `question_id`: the question it is about; `text`: other words, if any. */
export interface RequestPerson {
  id: string;
  question_id?: string | null;
  text?: string | null;
}

/** The rep asks everyone in the room to look at this slide. */
export interface ShowSlide {
  id: string;
  number: number;
}

/** The slide everyone in the room now sees. */
export interface SlideShown {
  number: number;
  title: string;
}

/** A participant had a slide before their eyes for so long: what no earlier view had counted yet. */
export interface SlideViewed {
  participant_id: string;
  number: number;
  milliseconds: number;
}

/** The rep opens the session: those admitted see the first slide. */
export interface StartDetailing {
  id: string;
}

/** This screen goes on presenting. `epoch`: the lease it saw last; of two at once, one gets it. The answer has the new one. The rep may take their own session over from anybody, an MSL only from another screen of their own. */
export interface TakeOver {
  id: string;
  epoch: number;
}

/** The HCP had this slide before their eyes from one moment to another (UTC): their page was visible and in use. One view is a minute at most; a longer look is told in parts. The times are the client's, mapped to the server's clock. */
export interface ViewSlide {
  id: string;
  number: number;
  started_at: string;
  ended_at: string;
}

export type Fact =
  | Envelope<"admission_granted", AdmissionGranted>
  | Envelope<"admission_refused", AdmissionRefused>
  | Envelope<"adverse_event_reported", AdverseEventReported>
  | Envelope<"detailing_ended", DetailingEnded>
  | Envelope<"detailing_started", DetailingStarted>
  | Envelope<"hcp_admitted", HcpAdmitted>
  | Envelope<"hcp_arrived", HcpArrived>
  | Envelope<"hcp_left", HcpLeft>
  | Envelope<"hcp_refused", HcpRefused>
  | Envelope<"inquiry_accepted", InquiryAccepted>
  | Envelope<"inquiry_answered", InquiryAnswered>
  | Envelope<"inquiry_assigned", InquiryAssigned>
  | Envelope<"inquiry_closed", InquiryClosed>
  | Envelope<"inquiry_opened", InquiryOpened>
  | Envelope<"inquiry_progressed", InquiryProgressed>
  | Envelope<"inquiry_released", InquiryReleased>
  | Envelope<"inquiry_taken", InquiryTaken>
  | Envelope<"question_asked", QuestionAsked>
  | Envelope<"question_heard", QuestionHeard>
  | Envelope<"reply_given", ReplyGiven>
  | Envelope<"slide_shown", SlideShown>
  | Envelope<"slide_viewed", SlideViewed>;

export interface Commands {
  admit_hcp: AdmitHcp;
  answer_inquiry: AnswerInquiry;
  ask_question: AskQuestion;
  assign_inquiry: AssignInquiry;
  end_detailing: EndDetailing;
  refuse_hcp: RefuseHcp;
  release_inquiry: ReleaseInquiry;
  report_adverse_event: ReportAdverseEvent;
  request_person: RequestPerson;
  show_slide: ShowSlide;
  start_detailing: StartDetailing;
  view_slide: ViewSlide;
}

export interface Signals {
  look: Look;
}

export interface Notices {
  presence_changed: PresenceChanged;
}
