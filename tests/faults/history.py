"""What senders were told, what receivers held, and what the database says: and whether the three agree.

Senders and receivers write into one History while faults happen; check() is called when everything has settled. It fails on an
accepted message missing, an effect twice, a delivery to a stranger, two coordinators, an unanswered clock that never fired (or fired twice, or too
early), a receipt that changed, and an audit that does not verify. run-checker shows that it does fail on each.
"""
import collections
import threading
import time

from harness import Failure

DOSE_ANSWERED, FIRED = 4, 11  # a clock's policy; how it ended, and the event of the audit that says so


class History:
    def __init__(self, several=()):
        self.several = several                         # services with several stations: their own queue has what each of them sent
        self.lock = threading.Lock()
        self.tried = {}                                # message id -> (sender, recipient)
        self.accepted = {}                             # message id -> sequence in its first receipt
        self.refused = {}                              # message id -> code
        self.away = 0                                  # how often a sender was told that the database is away
        self.held = collections.defaultdict(dict)      # service -> number -> message id or None
        self.aside = set()                             # messages of neighbours, who are looked at for their times alone
        self.unanswered = set()                        # messages that ask for what nobody answers
        self.taken_on = {}                             # message that takes a client on -> (conversation, who is answerable then)
        self.problems = []

    def problem(self, words):
        with self.lock:
            self.problems.append(words)

    def note_tried(self, message, sender, recipient):
        with self.lock:
            self.tried[message] = (sender, recipient)

    def note_unanswered(self, message):
        with self.lock:
            self.unanswered.add(message)

    def note_taken_on(self, message, conversation, service):
        with self.lock:
            self.taken_on[message] = (conversation, service)

    def note_accepted(self, message, sequence):
        with self.lock:
            first = self.accepted.setdefault(message, sequence)
        if first != sequence:
            self.problem(f"{message.hex()}: accepted as {first}, then as {sequence}")

    def note_refused(self, message, code):
        with self.lock:
            self.refused[message] = code

    def note_held(self, service, number, message):
        """message: id of a MESSAGE delivery, None for others."""
        with self.lock:
            before = self.held[service].setdefault(number, message)
        if before != message:
            self.problem(f"{service}: delivery {number} was one thing, then another")

    def missing(self):
        """How many accepted messages somebody has yet to hold."""
        with self.lock:
            held = {(service, message) for service, numbers in self.held.items() for message in numbers.values() if message}
            return sum(any((service, message) not in held for service in self._queues(message)) for message in self.accepted)

    def wait_held(self, seconds):
        """Until everything accepted is held, as long as there is less and less to come: that of many is long, for whoever receives reads it one by one."""
        left, since = self.missing(), time.monotonic()
        while left > 0:
            time.sleep(1) # looking at all of it takes the receivers' time
            now = self.missing()
            if now < left:
                left, since = now, time.monotonic()
            elif time.monotonic() - since > seconds:
                raise Failure(f"{left} of {len(self.accepted)} accepted messages are not held, and none of them came for {seconds} s")

    def check(self, query, verify_audit=lambda: []):
        """query: runs SQL and gives rows of text; verify_audit: recomputes the log, and gives what is wrong with it. The list of problems; empty
        means whole."""
        stored = {raw(row[0]): row[1:] for row in query("SELECT id, sender, recipient, sequence FROM throughcare.message")}
        problems = list(self.problems)
        problems += self._check_accepted(stored)
        problems += self._check_held()
        problems += self._check_database(query)
        problems += self._check_coordination(query)
        problems += self._check_clocks(query)
        return problems + verify_audit()

    def _check_accepted(self, stored):
        for message, sequence in self.accepted.items():
            row = stored.get(message)
            if row is None:
                yield f"{message.hex()}: accepted, and not in the database"
            elif int(row[2]) != sequence:
                yield f"{message.hex()}: receipt says {sequence}, database {row[2]}"
        for message in stored.keys() - self.tried.keys() - self.aside:
            yield f"{message.hex()}: in the database, and nobody sent it"
        for message in self.refused.keys() & stored.keys():
            if message not in self.accepted:
                yield f"{message.hex()}: refused ({self.refused[message]}), and stored"

    def _check_held(self):
        delivered = collections.Counter()
        for service, numbers in self.held.items():
            if sorted(numbers) != list(range(1, len(numbers) + 1)):
                yield f"{service}: the numbers of its deliveries have gaps"
            for message in filter(None, numbers.values()):
                delivered[(service, message)] += 1
                if message not in self.tried or service not in self._queues(message):
                    yield f"{message.hex()}: delivered to {service}, a stranger"
        for (service, message), times in delivered.items():
            if times > 1:
                yield f"{message.hex()}: {times} deliveries to {service}"
        for message in self.accepted:
            for service in self._queues(message):
                if not delivered[(service, message)]:
                    yield f"{message.hex()}: accepted, and never delivered to {service}"

    def _queues(self, message):
        sender, recipient = self.tried[message]
        return (recipient, sender) if sender in self.several else (recipient,)

    def _check_database(self, query):
        once = [("message", "SELECT id FROM throughcare.message GROUP BY id HAVING count(*) > 1"),
                ("conversation head", "SELECT conversation, version FROM throughcare.conversation_event GROUP BY 1, 2 HAVING count(*) > 1"),
                ("delivery of one message", "SELECT recipient, message FROM throughcare.delivery WHERE type = 1 "
                                            "GROUP BY 1, 2 HAVING count(*) > 1"),
                ("acceptance in the audit", "SELECT message FROM throughcare.audit WHERE event = 2 GROUP BY message HAVING count(*) > 1")]
        for what, sql in once:
            for row in query(sql):
                yield f"{what} twice: {' '.join(row)}"
        for row in query("SELECT m.id, d.recipient, m.sender FROM throughcare.delivery d JOIN throughcare.message m ON m.id = d.message "
                         "WHERE d.type = 1 AND d.recipient NOT IN (m.recipient, 'spoc')"):
            if row[1] == row[2] and row[2] in self.several:
                continue
            yield f"{row[0]}: queued for {row[1]}, a stranger"
        for row in query("SELECT id FROM throughcare.message m WHERE NOT EXISTS "
                         "(SELECT FROM throughcare.audit a WHERE a.sequence = m.sequence AND a.message = m.id)"):
            yield f"{row[0]}: stored without its audit row"

    def _check_coordination(self, query):
        """One coordinator at every version, none left out, each handed on by whoever held; and in the end the one who was told so."""
        for row in query("SELECT client, version FROM throughcare.coordination_event GROUP BY 1, 2 HAVING count(DISTINCT coordinator) > 1"):
            yield f"client {row[0]}: two coordinators at version {row[1]}"
        for row in query("SELECT c.client, c.version FROM throughcare.coordination_event c LEFT JOIN throughcare.coordination_event p "
                         "ON p.client = c.client AND p.version = c.version - 1 WHERE c.version > 1 AND p.coordinator IS DISTINCT FROM c.from_holder"):
            yield f"client {row[0]}: version {row[1]} was not handed on by the coordinator before"
        for row in query("SELECT conversation, count(DISTINCT client) FROM throughcare.coordination_event WHERE version = 1 GROUP BY 1 HAVING count(*) > 1"):
            yield f"conversation {row[0]}: taken up {row[1]} times"
        newest = {raw(row[0]): row[1] for row in query(
            "SELECT DISTINCT ON (e.conversation) e.conversation, c.coordinator FROM throughcare.conversation_event e "
            "JOIN throughcare.coordination_event c USING (client) ORDER BY e.conversation, c.version DESC")}
        for message, (conversation, service) in self.taken_on.items():
            if message in self.accepted and newest.get(conversation) != service:
                yield f"{conversation.hex()}: taken on by {service}, and {newest.get(conversation) or 'nobody'} is answerable"

    def _check_clocks(self, query):
        fired = collections.defaultdict(list)
        for message, early in query("SELECT c.message, c.due_at - e.at FROM throughcare.clock c JOIN throughcare.clock_end e ON e.clock = c.id "
                                    f"WHERE c.policy = {DOSE_ANSWERED} AND e.how = {FIRED}"):
            fired[raw(message)].append(int(early))
        audited = collections.Counter(raw(row[0]) for row in query(f"SELECT message FROM throughcare.audit WHERE event = {FIRED} AND detail = 'dose_answered'"))
        for message in self.unanswered & self.accepted.keys():
            if not fired[message] or not audited[message]:
                yield f"{message.hex()}: unanswered, and its clock never fired"
            elif len(fired[message]) > 1 or audited[message] > 1:
                yield f"{message.hex()}: its clock fired {max(len(fired[message]), audited[message])} times"
            elif fired[message][0] > 0:
                yield f"{message.hex()}: its clock fired {fired[message][0] / 1e6:.1f} s before it was due"

def raw(uuid):
    return bytes.fromhex(uuid.replace("-", ""))
