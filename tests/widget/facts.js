/** Facts as they travel, numbered per stream, for the tests of the state modules. */

export function stream(name) {
  let seq = 0;
  return (fact, body = {}) => ({ stream: name, seq: ++seq, name: fact, at: `2026-11-22T10:00:${String(seq).padStart(2, "0")}+00:00`, body });
}

export const citation = (fields = {}) => ({
  edition_id: "e1",
  passage_id: "p1",
  title: "Gouttazol 100 mg – RCP",
  section: "4.2",
  path: ["4.2. Posologie et mode d'administration"],
  text: "La dose initiale est de 100 mg par jour.",
  start: 10,
  end: 50,
  page: null,
  language: "fr",
  table: false,
  ...fields,
});

export const reply = (fields = {}) => ({
  question_id: "q1",
  kind: "answer",
  reason: "answered",
  options: [],
  citations: [citation()],
  report_taken: false,
  ...fields,
});
