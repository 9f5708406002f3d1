let sent = 0;

/** The body of a request with one event, a new one each time. */
export function singleEvent(): string {
  sent += 1;
  return `{"id":"e${String(sent).padStart(12, '0')}","source":"app","type":"like","viewerId":"v${sent % 10_007}","creatorId":"c${sent % 997}","contentId":"k${sent % 4_999}","occurredAt":"2026-09-01T00:00:00.000Z"}`;
}
