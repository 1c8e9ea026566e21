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

/** To the one person: your part in the session was ended, and nothing opens to you any more. */
export interface AdmissionRevoked {
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

/** The HCP chooses one of the answers, counted from 0, or takes theirs back, until the question is closed. */
export interface AnswerPoll {
  id: string;
  number: number;
  option?: number | null;
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

/** To those in the call, and to the rep: who is in it now. */
export interface CallChanged {
  people: CallPerson[];
}

/** The rep asks one MSL to come into the session. */
export interface CallColleague {
  id: string;
  staff_id: string;
}

/** Those who look at another slide are brought to the presenter's. */
export interface CallEveryone {
  id: string;
  epoch?: number;
}

/** To one page: it is in the call no longer. `elsewhere`: another page of the same person is. */
export interface CallLost {
  reason: "elsewhere" | "over";
}

/** Somebody in the call. `name` is there only for staff and for an HCP who consented to the tracking of this session. */
export interface CallPerson {
  id: string;
  entry: string;
  name: string | null;
  role: "hcp" | "rep" | "msl";
  microphone: boolean;
  camera: boolean;
}

/** To everyone in the room: how many are in the call. */
export interface CallSeen {
  people: number;
}

/** An address at which a browser may be reached, for one of the media that it described. */
export interface Candidate {
  candidate: string;
  medium: string | null;
  line: number | null;
  fragment: string | null;
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

/** Nobody answers this question any more. */
export interface ClosePoll {
  id: string;
  number: number;
}

/** An MSL was asked to come. */
export interface ColleagueCalled {
  staff_id: string;
  name: string;
}

/** An MSL is in the session: everyone in it knows. */
export interface ColleagueEntered {
  staff_id: string;
  name: string;
}

/** That MSL is gone. */
export interface ColleagueLeft {
  staff_id: string;
}

/** To that MSL: the session is over. */
export interface ColleagueNoLongerWanted {
  detailing_id: string;
}

/** An MSL who is in the session. */
export interface ColleagueNow {
  staff_id: string;
  name: string;
}

/** What the page of an MSL in a session starts from: the room, and nobody's words. */
export interface ColleagueSnapshot {
  detailing: DetailingForPresenter;
  offered: Offered;
  heads: Record<string, number>;
}

/** To one MSL: a rep asks you to come into a session that is under way. */
export interface ColleagueWanted {
  detailing_id: string;
  rep_name: string;
  deck_title: string;
}

/** To the HCP: whether their rep was given what they wrote. What is medical's to answer is not delivered. `report_taken`, `report_asked`: as in `ReplyGiven`. */
export interface DeliveryDecided {
  message_id: string;
  delivered: boolean;
  report_taken: boolean;
  report_asked: boolean;
}

/** What a browser can send and receive (SDP). */
export interface Description {
  type: "offer" | "answer";
  sdp: string;
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
  rehearsal: boolean;
  scheduled_at: string;
  presenter: Presenter;
  colleagues: ColleagueNow[];
  held: boolean;
  calls: number;
}

/** The state of the session for its rep, and for an MSL in it. `shown`: the slides shown so far, in the order of their first time; `left_out`: mandatory slides without which it was closed. */
export interface DetailingForPresenter {
  state: string;
  number: number | null;
  shown: number[];
  total: number;
  started_at: string | null;
  ended_at: string | null;
  planned_minutes: number | null;
  presenter: Presenter;
  colleagues: ColleagueNow[];
  held: boolean;
  calls: number;
  left_out: number[];
}

/** How the HCP found the session; nothing when they took it back. */
export interface DetailingRated {
  stars: number | null;
}

/** The session is live. */
export interface DetailingStarted {
}

/** An approved document is there to be opened. */
export interface DocumentOffered {
  document: Handout;
}

/** Somebody opened a document for the first time, or downloaded it for the first time. */
export interface DocumentReceived {
  participant_id: string;
  edition_id: string;
  how: "opened" | "downloaded";
}

/** The rep closes the session; HCPs keep their summary. `reason`: why mandatory slides were not shown, if so. */
export interface EndDetailing {
  id: string;
  epoch?: number;
  reason?: string | null;
}

/** Everyone is brought to this slide, whatever they looked at. */
export interface EveryoneCalled {
  number: number;
}

/** How everyone takes part who is still there, by participant. `hands`: whose hand is up, the longest first. */
export interface Everyones {
  hands: string[];
  reactions: Record<string, Reaction[]>;
  choices: Record<string, Record<string, number>>;
  receipts: Receipt[];
}

/** To the one HCP: their hand is up or down, whoever moved it. */
export interface HandMoved {
  raised: boolean;
}

/** Whoever presents gives the lease to somebody else in the session: `to` is an MSL who is in it, or the rep. */
export interface HandOver {
  id: string;
  to: string;
  epoch?: number;
}

/** Somebody raised their hand, or it is down again. */
export interface HandSeen {
  participant_id: string;
  raised: boolean;
}

/** An approved edition as it is offered: what it is, and which version. */
export interface Handout {
  edition_id: string;
  title: string;
  kind: string;
  version: string | null;
  dated: string | null;
}

/** The HCP is in the room. */
export interface HcpAdmitted {
  participant_id: string;
}

/** Someone is in the lobby. The name is there only for an HCP who consented to the tracking of this session. `link_reused`: somebody had come in by the same link before. */
export interface HcpArrived {
  participant_id: string;
  name: string | null;
  profession: string | null;
  link_reused: boolean;
}

/** This participant is gone for good; who goes on without tracking comes back as another, nameless one. */
export interface HcpLeft {
  participant_id: string;
}

/** The person was turned away. */
export interface HcpRefused {
  participant_id: string;
}

/** The person's part in the session was ended. */
export interface HcpRemoved {
  participant_id: string;
}

/** What an HCP's page starts from. `participant` and `detailing` are None on the lab's site. */
export interface HcpSnapshot {
  participant: Myself | null;
  detailing: DetailingForHcp | null;
  offered: Offered | null;
  mine: Mine | null;
  conversation: Record<string, any>[];
  heads: Record<string, number>;
}

/** HCPs see a neutral screen from now on; slides stay where they are. */
export interface HoldScreen {
  id: string;
  epoch?: number;
}

/** This page is in the call, heard and seen or not. Said on joining, at each change, and at every connection. `entry` is made once per joining. With `joins` the page takes the call over from any other of the same person. The answer has `ice`: the servers by which browsers find each other. */
export interface InCall {
  entry: string;
  joins?: boolean;
  microphone: boolean;
  camera: boolean;
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

/** The HCP finds an answer of the assistant useful or not, or takes that back; `reason` goes with an answer that was not. */
export interface JudgeReply {
  id: string;
  question_id: string;
  useful: boolean | null;
  reason?: "beside" | "incomplete" | "hard_to_read" | null;
}

/** Somebody was given the lease: one of their screens has yet to take it over. */
export interface LeaseGiven {
  staff_id: string;
  name: string;
  role: "rep" | "msl";
  epoch: number;
}

/** Whether the screen that holds the lease of this epoch is connected. */
export interface LeaseSeen {
  epoch: number;
  connected: boolean;
}

/** A screen holds the lease from now on. */
export interface LeaseTaken {
  staff_id: string;
  name: string;
  role: "rep" | "msl";
  epoch: number;
}

/** This page hangs up. */
export interface LeaveCall {
}

/** The MSL leaves the session; if they were presenting, the rep presents again. */
export interface LeaveDetailing {
  id: string;
}

/** Nobody new comes into the lobby. */
export interface LobbyLocked {
}

/** Invitations open the lobby again. */
export interface LobbyUnlocked {
}

/** From now on nobody new comes into the lobby; who is in may come back. */
export interface LockLobby {
  id: string;
}

/** Which slide the HCP has before them now, and whether their tab is visible. */
export interface Look {
  number?: number | null;
  visible: boolean;
}

/** The rep has seen a raised hand and takes it down. */
export interface LowerHand {
  id: string;
  participant_id: string;
}

/** The session was closed without these slides, for this reason: it is on record as incomplete. */
export interface MandatorySlidesOmitted {
  numbers: number[];
  reason: string;
}

/** The rep answered this question by voice. Only one whose words they may know; the others are medical's to answer. */
export interface MarkAnsweredOrally {
  id: string;
  question_id: string;
}

/** A message as the rep may know it: see `MessageHeard`. */
export interface MessageForRep {
  message_id: string;
  participant_id: string | null;
  by: string;
  text: string | null;
  at: string;
}

/** To the rep: what they wrote themselves, to one HCP or to everyone, or what an HCP wrote; without words kept for medical. */
export interface MessageHeard {
  message_id: string;
  participant_id: string | null;
  by: "hcp" | "rep";
  text: string | null;
}

/** Between an HCP and their rep: who wrote what. `name` is the rep's. */
export interface MessageWritten {
  message_id: string;
  by: "hcp" | "rep";
  name: string;
  text: string;
}

/** How one HCP takes part. `choices`: the answer chosen, by the question's number. */
export interface Mine {
  hand: boolean;
  reactions: Reaction[];
  choices: Record<string, number>;
}

/** The HCP raises their hand, or takes it down. */
export interface MoveHand {
  id: string;
  raised: boolean;
}

/** What the desk starts from. `wanted`: running sessions into which a rep asks this MSL to come. */
export interface MslSnapshot {
  inquiries: InquiryLine[];
  wanted: ColleagueWanted[];
  heads: Record<string, number>;
}

/** The HCP's own place in a session: waiting, admitted, refused, removed or left. */
export interface Myself {
  id: string;
  name: string | null;
  tracked: boolean;
  state: string;
}

/** The rep offers everyone in the room an approved document on the product of the deck. */
export interface OfferDocument {
  id: string;
  edition_id: string;
}

/** What is there for everyone in the room: questions and documents, in the order in which they came. */
export interface Offered {
  polls: PollNow[];
  documents: Handout[];
}

/** The rep said that they answered this question by voice. */
export interface OralAnswerMarked {
  question_id: string;
}

/** To one page in the call: what another's browser says. `entry`: the joining of whoever says it. */
export interface PeerTold {
  entry: string;
  description: Description | null;
  candidate: Candidate | null;
}

/** To the one person: the rep found that you had a place already; your bearer opens that one now. */
export interface PlaceRestored {
}

/** The presenter's pointer on the slide, from its top left corner, 0 to 1; without a place it is put away. */
export interface Point {
  x?: number | null;
  y?: number | null;
}

/** Where the presenter points, from the slide's top left corner, 0 to 1; without a place nothing is pointed at. */
export interface PointerMoved {
  x: number | null;
  y: number | null;
}

/** To the one HCP: what they chose; None when they took it back. */
export interface PollAnswerKept {
  number: number;
  option: number | null;
}

/** What somebody chose; None when they took it back. */
export interface PollAnswered {
  participant_id: string;
  number: number;
  option: number | null;
}

/** Nobody answers this question any more. */
export interface PollClosed {
  number: number;
}

/** A question that was put to everyone. `counts`: how often each answer was chosen, once that is shown. */
export interface PollNow {
  number: number;
  question: string;
  options: string[];
  open: boolean;
  counts: number[] | null;
}

/** How often each answer was chosen, in their order. */
export interface PollResultShown {
  number: number;
  counts: number[];
}

/** An approved question is put to everyone. */
export interface PollStarted {
  number: number;
  question: string;
  options: string[];
}

/** A participant, and where they are looking now. */
export interface Presence {
  id: string;
  name: string | null;
  profession: string | null;
  state: string;
  link_reused: boolean;
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

/** Who presents, under which epoch of the lease. */
export interface Presenter {
  staff_id: string;
  name: string;
  role: "rep" | "msl";
  epoch: number;
}

/** This screen holds the lease and is there. Said at every connection; what points, points from here. */
export interface Presenting {
  epoch: number;
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
  orally: boolean;
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

/** The HCP finds the session worth one to five stars, or takes that back. */
export interface RateDetailing {
  id: string;
  stars: number | null;
}

/** The HCP marks a slide that was shown, or takes the mark back. */
export interface React {
  id: string;
  number: number;
  kind: "useful" | "unclear" | "more" | "thanks";
  given: boolean;
}

/** What somebody marks a slide with: useful, unclear, to be deepened (`more`), thanks. */
export interface Reaction {
  number: number;
  kind: "useful" | "unclear" | "more" | "thanks";
}

/** To the one HCP: they marked a slide, or took the mark back. */
export interface ReactionMarked {
  number: number;
  kind: "useful" | "unclear" | "more" | "thanks";
  given: boolean;
}

/** Somebody marked a slide, or took the mark back. */
export interface ReactionSeen {
  participant_id: string;
  number: number;
  kind: "useful" | "unclear" | "more" | "thanks";
  given: boolean;
}

/** That somebody opened or downloaded a document. */
export interface Receipt {
  participant_id: string;
  edition_id: string;
  how: "opened" | "downloaded";
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

/** HCPs see the slide again. */
export interface ReleaseScreen {
  id: string;
  epoch?: number;
}

/** The rep ends somebody's part in the session; the same link does not bring them back. */
export interface RemoveHcp {
  id: string;
  participant_id: string;
}

/** What the presenter's console starts from. */
export interface RepSnapshot {
  detailing: DetailingForPresenter;
  locked: boolean;
  participants: Presence[];
  questions: QuestionForRep[];
  messages: MessageForRep[];
  requests: RequestForRep[];
  offered: Offered;
  everyones: Everyones;
  called: string[];
  heads: Record<string, number>;
}

/** What the assistant replied: approved sentences, a question back, an offer of a person, or a polite no. `reason` is one of those in `bot.model`; `options` are the names to choose from when `kind` is `clarify`; `report_taken` says that the message was passed to pharmacovigilance, `report_asked` that it reads like a report and was not, being rehearsed: whoever wrote it is asked whether the case is real. */
export interface ReplyGiven {
  question_id: string;
  kind: "answer" | "clarify" | "handover" | "decline";
  reason: string;
  options: string[];
  citations: CitedPassage[];
  report_taken: boolean;
  report_asked: boolean;
}

/** How the HCP found an answer of the assistant; nothing when they took it back. */
export interface ReplyJudged {
  question_id: string;
  useful: boolean | null;
  reason: "beside" | "incomplete" | "hard_to_read" | null;
}

/** Someone reports a suspected adverse event in their own words, however incomplete and however long. */
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

/** HCPs see a neutral screen; none of this time counts as viewed. */
export interface ScreenHeld {
}

/** HCPs see the slide again. */
export interface ScreenReleased {
}

/** This server stops: come back within `milliseconds`, each at a moment of its own. */
export interface ServerLeaving {
  milliseconds: number;
}

/** Everyone sees how often each answer was chosen; the question is closed with that. */
export interface ShowPollResult {
  id: string;
  number: number;
}

/** Whoever presents asks everyone in the room to look at this slide. */
export interface ShowSlide {
  id: string;
  number: number;
  epoch?: number;
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

/** The rep puts one of the deck's approved questions to everyone; one that is open is closed. */
export interface StartPoll {
  id: string;
  number: number;
}

/** This screen goes on presenting. `epoch`: the lease it saw last; of two at once, one gets it. The answer has the new one. The rep may take their own session over from anybody, an MSL only from another screen of their own. */
export interface TakeOver {
  id: string;
  epoch: number;
}

/** One browser in the call to another: a description or a candidate. `to` is a person, `entry` their joining that is meant. */
export interface TellPeer {
  to: string;
  entry: string;
  description?: Description | null;
  candidate?: Candidate | null;
}

/** Invitations open the lobby again. */
export interface UnlockLobby {
  id: string;
}

/** The HCP had this slide before their eyes from one moment to another (UTC): their page was visible and in use. One view is a minute at most; a longer look is told in parts. The times are the client's, mapped to the server's clock. */
export interface ViewSlide {
  id: string;
  number: number;
  started_at: string;
  ended_at: string;
}

/** The rep writes in their own name to one HCP in the room, or to everyone there (`participant_id` None). */
export interface WriteToHcps {
  id: string;
  participant_id: string | null;
  text: string;
}

/** The HCP writes to the rep of the running session. */
export interface WriteToRep {
  id: string;
  text: string;
}

export type Fact =
  | Envelope<"admission_granted", AdmissionGranted>
  | Envelope<"admission_refused", AdmissionRefused>
  | Envelope<"admission_revoked", AdmissionRevoked>
  | Envelope<"adverse_event_reported", AdverseEventReported>
  | Envelope<"colleague_called", ColleagueCalled>
  | Envelope<"colleague_entered", ColleagueEntered>
  | Envelope<"colleague_left", ColleagueLeft>
  | Envelope<"colleague_no_longer_wanted", ColleagueNoLongerWanted>
  | Envelope<"colleague_wanted", ColleagueWanted>
  | Envelope<"delivery_decided", DeliveryDecided>
  | Envelope<"detailing_ended", DetailingEnded>
  | Envelope<"detailing_rated", DetailingRated>
  | Envelope<"detailing_started", DetailingStarted>
  | Envelope<"document_offered", DocumentOffered>
  | Envelope<"document_received", DocumentReceived>
  | Envelope<"everyone_called", EveryoneCalled>
  | Envelope<"hand_moved", HandMoved>
  | Envelope<"hand_seen", HandSeen>
  | Envelope<"hcp_admitted", HcpAdmitted>
  | Envelope<"hcp_arrived", HcpArrived>
  | Envelope<"hcp_left", HcpLeft>
  | Envelope<"hcp_refused", HcpRefused>
  | Envelope<"hcp_removed", HcpRemoved>
  | Envelope<"inquiry_accepted", InquiryAccepted>
  | Envelope<"inquiry_answered", InquiryAnswered>
  | Envelope<"inquiry_assigned", InquiryAssigned>
  | Envelope<"inquiry_closed", InquiryClosed>
  | Envelope<"inquiry_opened", InquiryOpened>
  | Envelope<"inquiry_progressed", InquiryProgressed>
  | Envelope<"inquiry_released", InquiryReleased>
  | Envelope<"inquiry_taken", InquiryTaken>
  | Envelope<"lease_given", LeaseGiven>
  | Envelope<"lease_taken", LeaseTaken>
  | Envelope<"lobby_locked", LobbyLocked>
  | Envelope<"lobby_unlocked", LobbyUnlocked>
  | Envelope<"mandatory_slides_omitted", MandatorySlidesOmitted>
  | Envelope<"message_heard", MessageHeard>
  | Envelope<"message_written", MessageWritten>
  | Envelope<"oral_answer_marked", OralAnswerMarked>
  | Envelope<"place_restored", PlaceRestored>
  | Envelope<"poll_answer_kept", PollAnswerKept>
  | Envelope<"poll_answered", PollAnswered>
  | Envelope<"poll_closed", PollClosed>
  | Envelope<"poll_result_shown", PollResultShown>
  | Envelope<"poll_started", PollStarted>
  | Envelope<"question_asked", QuestionAsked>
  | Envelope<"question_heard", QuestionHeard>
  | Envelope<"reaction_marked", ReactionMarked>
  | Envelope<"reaction_seen", ReactionSeen>
  | Envelope<"reply_given", ReplyGiven>
  | Envelope<"reply_judged", ReplyJudged>
  | Envelope<"screen_held", ScreenHeld>
  | Envelope<"screen_released", ScreenReleased>
  | Envelope<"slide_shown", SlideShown>
  | Envelope<"slide_viewed", SlideViewed>;

export interface Commands {
  admit_hcp: AdmitHcp;
  answer_inquiry: AnswerInquiry;
  answer_poll: AnswerPoll;
  ask_question: AskQuestion;
  assign_inquiry: AssignInquiry;
  call_colleague: CallColleague;
  call_everyone: CallEveryone;
  close_poll: ClosePoll;
  end_detailing: EndDetailing;
  hand_over: HandOver;
  hold_screen: HoldScreen;
  judge_reply: JudgeReply;
  leave_detailing: LeaveDetailing;
  lock_lobby: LockLobby;
  lower_hand: LowerHand;
  mark_answered_orally: MarkAnsweredOrally;
  move_hand: MoveHand;
  offer_document: OfferDocument;
  rate_detailing: RateDetailing;
  react: React;
  refuse_hcp: RefuseHcp;
  release_inquiry: ReleaseInquiry;
  release_screen: ReleaseScreen;
  remove_hcp: RemoveHcp;
  report_adverse_event: ReportAdverseEvent;
  request_person: RequestPerson;
  show_poll_result: ShowPollResult;
  show_slide: ShowSlide;
  start_detailing: StartDetailing;
  start_poll: StartPoll;
  take_over: TakeOver;
  unlock_lobby: UnlockLobby;
  view_slide: ViewSlide;
  write_to_hcps: WriteToHcps;
  write_to_rep: WriteToRep;
}

export interface Signals {
  in_call: InCall;
  leave_call: LeaveCall;
  look: Look;
  point: Point;
  presenting: Presenting;
  tell_peer: TellPeer;
}

export interface Notices {
  call_changed: CallChanged;
  call_lost: CallLost;
  call_seen: CallSeen;
  lease_seen: LeaseSeen;
  peer_told: PeerTold;
  pointer_moved: PointerMoved;
  presence_changed: PresenceChanged;
  server_leaving: ServerLeaving;
}
