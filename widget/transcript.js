/** The conversation as it is read: one entry per thing said, each knowing where it stands. Nothing here touches the page. */

/**
 * @typedef {import("./events").Fact} Fact
 * @typedef {import("./events").CitedPassage} CitedPassage
 * @typedef {import("./events").ReplyGiven} ReplyGiven
 * @typedef {import("./events").InquiryAnswered} InquiryAnswered
 *
 * @typedef {object} Unsent what was done here and is not on record yet
 * @property {string} id the act's id, which what it puts on record will carry
 * @property {string} name
 * @property {string | null} text
 * @property {string} at
 * @property {boolean} [sent] the server has it; what it puts on record was not heard yet
 * @property {string | null} refusal why the server would not take it, in the page's language
 *
 * @typedef {{key: string, at: string}} Said
 * @typedef {Said & {kind: "question", text: string, slide: number | null, answered: boolean}} QuestionEntry
 * @typedef {Said & {kind: "reply", question: string, reply: ReplyGiven, inquiry: boolean, last: boolean, judged: import("./events").ReplyJudged | null}} ReplyEntry
 * @typedef {Said & {kind: "inquiry", number: string, due: string, state: "queued" | "assigned" | "answered", person: string | null}} InquiryEntry
 * @typedef {Said & {kind: "answer", answer: InquiryAnswered}} AnswerEntry
 * @typedef {Said & {kind: "report", number: string}} ReportEntry
 * @typedef {Said & {kind: "message", by: "hcp" | "rep", name: string, text: string, decided: import("./events").DeliveryDecided | null}} MessageEntry
 * @typedef {Said & {kind: "unsent", unsent: Unsent}} UnsentEntry
 * @typedef {QuestionEntry | ReplyEntry | InquiryEntry | AnswerEntry | ReportEntry | MessageEntry | UnsentEntry} Entry
 */

/**
 * @param {Fact[]} conversation
 * @param {Unsent[]} unsent in the order in which it was written
 * @returns {Entry[]} oldest first; what is not sent yet stands last
 */
export function entries(conversation, unsent) {
  /** @type {Entry[]} */
  const said = [];
  /** @type {Map<string, QuestionEntry>} */
  const questions = new Map();
  /** @type {Map<string, ReplyEntry>} */
  const replies = new Map();
  /** @type {Map<string, InquiryEntry>} */
  const inquiries = new Map();
  /** @type {Map<string, MessageEntry>} */
  const messages = new Map();
  for (const { name, body, at } of conversation) {
    if (name === "question_asked") {
      const { question_id: key, text, slide_number: slide } = body;
      said.push(remember(questions, key, { kind: "question", key, at, text, slide, answered: false }));
    } else if (name === "reply_given") {
      const question = questions.get(body.question_id);
      if (question) question.answered = true;
      const key = `reply:${body.question_id}`;
      const entry = { kind: /** @type {const} */ ("reply"), key, at, question: question?.text ?? "", reply: body, inquiry: false, last: false, judged: null };
      said.push(remember(replies, body.question_id, entry));
    } else if (name === "reply_judged") {
      const reply = replies.get(body.question_id);
      if (reply) reply.judged = body;
    } else if (name === "inquiry_accepted") {
      const reply = replies.get(body.question_id ?? "");
      if (reply) reply.inquiry = true;
      const { inquiry_id: key, number, due_at: due } = body;
      said.push(remember(inquiries, key, { kind: "inquiry", key, at, number, due, state: "queued", person: null }));
    } else if (name === "inquiry_taken") {
      progress(inquiries.get(body.inquiry_id), "assigned", body.msl_name);
    } else if (name === "inquiry_answered") {
      progress(inquiries.get(body.inquiry_id), "answered", body.msl_name);
      said.push({ kind: "answer", key: `answer:${body.inquiry_id}`, at, answer: body });
    } else if (name === "adverse_event_reported") {
      said.push({ kind: "report", key: body.report_id, at, number: body.number });
    } else if (name === "message_written") {
      const key = body.message_id;
      said.push(remember(messages, key, { kind: "message", key, at, ...body, decided: null }));
    } else if (name === "delivery_decided") {
      const message = messages.get(body.message_id);
      if (message) message.decided = body;
    }
  }
  const last = [...replies.values()].at(-1);
  if (last) last.last = [...questions.values()].every((question) => question.answered);
  // What is on record carries the id of the act that put it there.
  const recorded = new Set(said.map((entry) => entry.key));
  return [...said, ...unsent.filter(({ id }) => !recorded.has(id)).map(pending)];
}

/**
 * The last question asked, if any: what "ask a person" is about when no other words are given.
 *
 * @param {Fact[]} conversation
 * @returns {{id: string, text: string} | null}
 */
export function lastQuestion(conversation) {
  const asked = conversation.findLast((fact) => fact.name === "question_asked");
  return asked ? { id: asked.body.question_id, text: asked.body.text } : null;
}

/**
 * Citations side by side from one passage belong together: one source, several sentences.
 *
 * @param {CitedPassage[]} citations
 * @returns {CitedPassage[][]}
 */
export function byPassage(citations) {
  /** @type {CitedPassage[][]} */
  const groups = [];
  for (const citation of citations) {
    const group = groups.at(-1);
    if (group?.[0].passage_id === citation.passage_id) group.push(citation);
    else groups.push([citation]);
  }
  return groups;
}

/**
 * @template {Entry} E
 * @param {Map<string, E>} kept
 * @param {string} key
 * @param {E} entry
 */
function remember(kept, key, entry) {
  kept.set(key, entry);
  return entry;
}

/**
 * @param {InquiryEntry | undefined} inquiry
 * @param {InquiryEntry["state"]} state
 * @param {string} person
 */
function progress(inquiry, state, person) {
  if (inquiry) Object.assign(inquiry, { state, person });
}

/**
 * @param {Unsent} unsent
 * @returns {UnsentEntry}
 */
function pending(unsent) {
  return { kind: "unsent", key: unsent.id, at: unsent.at, unsent };
}
