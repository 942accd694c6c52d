"""What senders were told, what receivers held, and what the database says: and whether the three agree.

Senders and receivers write into one History while faults happen; check() is called when everything has settled. It fails on an
accepted message missing, an effect twice, a delivery to a stranger, a receipt that changed, and an audit that does not verify.
"""
import collections
import threading


class History:
    def __init__(self):
        self.lock = threading.Lock()
        self.tried = {}                                # message id -> (sender, recipient)
        self.accepted = {}                             # message id -> sequence in its first receipt
        self.refused = {}                              # message id -> code
        self.held = collections.defaultdict(dict)      # service -> number -> message id or None
        self.aside = set()                             # messages of neighbours, who are looked at for their times alone
        self.problems = []

    def problem(self, words):
        with self.lock:
            self.problems.append(words)

    def note_tried(self, message, sender, recipient):
        with self.lock:
            self.tried[message] = (sender, recipient)

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

    def count_held(self):
        with self.lock:
            return sum(1 for numbers in self.held.values() for message in numbers.values() if message)

    def check(self, query):
        """query: runs SQL and gives rows of text. Returns the list of problems; empty means whole."""
        stored = {bytes.fromhex(row[0].replace("-", "")): row[1:] for row in
                  query("SELECT id, sender, recipient, sequence FROM throughcare.message")}
        problems = list(self.problems)
        problems += self._check_accepted(stored)
        problems += self._check_held()
        problems += self._check_database(query)
        return problems

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
                if message not in self.tried or self.tried[message][1] != service:
                    yield f"{message.hex()}: delivered to {service}, a stranger"
        for (service, message), times in delivered.items():
            if times > 1:
                yield f"{message.hex()}: {times} deliveries to {service}"
        for message in self.accepted:
            if not delivered[(self.tried[message][1], message)]:
                yield f"{message.hex()}: accepted, and never delivered"

    @staticmethod
    def _check_database(query):
        once = [("message", "SELECT id FROM throughcare.message GROUP BY id HAVING count(*) > 1"),
                ("conversation head", "SELECT conversation, version FROM throughcare.conversation_event GROUP BY 1, 2 HAVING count(*) > 1"),
                ("delivery of one message", "SELECT recipient, message FROM throughcare.delivery WHERE type = 1 "
                                            "GROUP BY 1, 2 HAVING count(*) > 1"),
                ("acceptance in the audit", "SELECT message FROM throughcare.audit WHERE event = 2 GROUP BY message HAVING count(*) > 1")]
        for what, sql in once:
            for row in query(sql):
                yield f"{what} twice: {' '.join(row)}"
        for row in query("SELECT id FROM throughcare.message m WHERE NOT EXISTS "
                         "(SELECT FROM throughcare.audit a WHERE a.sequence = m.sequence AND a.message = m.id)"):
            yield f"{row[0]}: stored without its audit row"
