/* The loop: drain doors, look up, decide, batch, flush, reap, answer, deliver. One thread; nothing in it blocks.
 *
 * Doors, ZAP, the store, signals and the admin socket hang on one epoll. Everything that came is taken in before anything is decided, so a
 * batch is whatever arrived; what a commit allows is sent in the same turn. */
#include "broker/broker.h"
#include "broker/codes.h"
#include "broker/log.h"
#include "broker/wallclock.h"

#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#define TICK_MS 200
#define HELD_BACK_MS 10
#define ANNOUNCE_US (60 * G_TIME_SPAN_SECOND)
#define ORPHANS_US (10 * G_TIME_SPAN_MINUTE)
#define ORPHANS_AGAIN_US (5 * G_TIME_SPAN_SECOND)
#define ORPHANS_MOST 1000 /* as care_orphans.sql */
#define WEEKS_US (6 * G_TIME_SPAN_HOUR)
#define LEAVE_US (5 * G_TIME_SPAN_SECOND)

static GPtrArray *watches; /* freed with the loop */

bool broker_watch(Broker *broker, int fd, void *what)
{
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = what };
    if (!watches)
        watches = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(watches, what);
    return epoll_ctl(broker->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

/* ---- signals ---- */

static void reload(Broker *broker)
{
    g_autofree char *problem = NULL;
    sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time());
    if (!reload_run(broker, &problem)) {
        log_event(LOG_ERROR_LEVEL, "reload_failed", "reason", "directory", NULL);
        g_printerr("throughcare-broker: the directory was not reloaded: %s\n", problem);
    }
    sd_notify(0, "READY=1");
}

static void on_signal(void *ctx)
{
    Broker *broker = ctx;
    struct signalfd_siginfo info;
    while (read(broker->signals, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGHUP)
            reload(broker);
        else
            broker->leaving = true;
    }
}

static void watch_signals(Broker *broker)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    broker->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    Watch *watch = g_new0(Watch, 1);
    *watch = (Watch){ on_signal, broker };
    broker_watch(broker, broker->signals, watch);
}

/* ---- housekeeping ---- */

/* Nothing is under way: asked when leaving, and when the last of what the database refused came to nothing. */
static bool finished(Broker *broker)
{
    return g_queue_is_empty(&broker->incoming) && !broker->open && !store_in_flight(broker->store);
}

static void on_weeks(void *ctx, const PartitionsAnswer *answer)
{
    Broker *broker = ctx;
    if (answer->failed)
        return;
    broker->oldest_id_at = answer->oldest_id_at;
    for (guint i = 0; i < answer->acts->len; i++)
        turn_take(broker, event_new_admin(&g_array_index(answer->acts, AdminAct, i), broker->directory));
}

static void on_orphans(void *ctx, const OrphansAnswer *answer)
{
    Broker *broker = ctx;
    for (guint i = 0; i < answer->clients->len; i++)
        turn_take(broker, event_new_hand_back(&g_array_index(answer->clients, TcId, i), broker->directory));
    if (answer->failed || answer->clients->len >= ORPHANS_MOST)
        broker->orphans_at = g_get_monotonic_time() - ORPHANS_US + ORPHANS_AGAIN_US;
}

/* A client whose coordinator was blocked, or has left the directory, is handed back. */
static void look_for_orphans(Broker *broker)
{
    g_autoptr(GPtrArray) good = g_ptr_array_new();
    for (size_t i = 0; i < broker->directory->service_count; i++)
        if (!g_hash_table_contains(broker->blocked, broker->directory->services[i].id))
            g_ptr_array_add(good, (char *)broker->directory->services[i].id);
    store_orphans(broker->store, good, on_orphans, broker);
}

int64_t broker_now(const Broker *broker)
{
    int64_t difference = store_clock_difference(broker->store);
    return wallclock_now() - (ABS(difference) > BROKER_CLOCK_MOST_US ? difference : 0);
}

/* Hosts whose clock is wrong would tell people of silences that never were. The comparison is of unshifted clocks. */
static void guard_clocks(Broker *broker)
{
    int64_t difference = store_clock_difference(broker->store);
    bool wrong = ABS(difference) > BROKER_CLOCK_MOST_US || broker->head.head.at > broker_now(broker) + BROKER_CLOCK_MOST_US;
    if (wrong != broker->clocks_stopped)
        log_event(wrong ? LOG_ERROR_LEVEL : LOG_INFO_LEVEL, wrong ? "clocks_stopped" : "clocks_running", "seconds",
                  log_number(difference / G_TIME_SPAN_SECOND), NULL);
    broker->clocks_stopped = wrong;
}

static void housekeeping(Broker *broker)
{
    int64_t now = g_get_monotonic_time();
    guard_clocks(broker);
    selfcheck_tick(broker);
    if (broker->writes_refused && finished(broker))
        commit_refused(broker, false);
    if (store_state(broker->store) == STORE_ACTIVE && !broker->recovering) {
        if (!broker->clocks_stopped) {
            clocks_fire(broker);
            clocks_refill(broker);
        }
        if (!broker->weeks_at || now - broker->weeks_at > WEEKS_US) {
            broker->weeks_at = now;
            store_partitions(broker->store, on_weeks, broker);
        }
        if (!broker->orphans_at || now - broker->orphans_at > ORPHANS_US) {
            broker->orphans_at = now;
            look_for_orphans(broker);
        }
        deliver_all(broker);
    }
    refusal_flush(broker);
    metrics_keep_house(broker->metrics);
    if (now - broker->announced_at > ANNOUNCE_US)
        session_announce_all(broker);
    sd_notify(0, "WATCHDOG=1");
}

/* The doors that may hold more. */
static void drain_doors(Broker *broker)
{
    GHashTableIter iter;
    gpointer door;
    g_hash_table_iter_init(&iter, broker->doors);
    while (g_hash_table_iter_next(&iter, NULL, &door))
        if (((Door *)door)->look || ((Door *)door)->held_back)
            door_drain(door);
}

static int doors_timeout_ms(const Broker *broker)
{
    int timeout = TICK_MS;
    GHashTableIter iter;
    gpointer door;
    g_hash_table_iter_init(&iter, broker->doors);
    while (g_hash_table_iter_next(&iter, NULL, &door))
        timeout = MIN(timeout, ((Door *)door)->look ? 0 : ((Door *)door)->held_back ? HELD_BACK_MS : TICK_MS);
    return timeout;
}

static int timeout_ms(const Broker *broker)
{
    int timeout = doors_timeout_ms(broker), store = store_timeout_ms(broker->store), turn = turn_timeout_ms(broker);
    if (store >= 0)
        timeout = MIN(timeout, store);
    if (turn >= 0)
        timeout = MIN(timeout, turn);
    return timeout;
}

static void on_store(void *ctx) { store_dispatch(((Broker *)ctx)->store); }

int broker_run(Broker *broker)
{
    int64_t ticked = 0, leave_at = 0;
    watch_signals(broker);
    Watch *watch = g_new0(Watch, 1);
    *watch = (Watch){ on_store, broker };
    broker_watch(broker, store_fd(broker->store), watch);
    sd_notify(0, "READY=1");
    log_event(LOG_INFO_LEVEL, "ready", "version", "1", NULL);
    while (!broker->stop) {
        struct epoll_event events[64];
        int count = epoll_wait(broker->epoll, events, G_N_ELEMENTS(events), timeout_ms(broker));
        for (int i = 0; i < count; i++)
            ((Watch *)events[i].data.ptr)->ready(((Watch *)events[i].data.ptr)->ctx);
        store_dispatch(broker->store);
        turn_run(broker);
        drain_doors(broker);
        zap_serve(broker);
        turn_run(broker);
        int64_t now = g_get_monotonic_time();
        if (now - ticked > TICK_MS * 1000 / 2) {
            ticked = now;
            housekeeping(broker);
            turn_run(broker);
        }
        if (broker->leaving && !leave_at)
            leave_at = now + LEAVE_US;
        if (broker->leaving && (finished(broker) || now > leave_at))
            broker->stop = true;
    }
    sd_notify(0, "STOPPING=1");
    session_take_leave(broker, TC_CODE_LEAVING);
    log_event(broker->displaced ? LOG_ERROR_LEVEL : LOG_INFO_LEVEL, broker->displaced ? "displaced" : "left", NULL);
    return broker->exit_code;
}
