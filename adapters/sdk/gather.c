/* Many acts, one write to the disk: the spool keeps a transaction open round those of throughcare.h. */
#include "adapters/sdk/client.h"

void tc_client_gather(TcClient *client)
{
    g_assert(!client->dispatching);
    spool_gather(client->spool);
}

bool tc_client_keep(TcClient *client, TcError *error)
{
    client_wake(client);
    return spool_keep(client->spool, error);
}
