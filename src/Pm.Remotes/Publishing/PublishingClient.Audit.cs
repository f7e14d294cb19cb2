using System.Globalization;
using Pm.Trust.Tuf;

namespace Pm.Remotes.Publishing;

/// <content>The audit log, for an administrator.</content>
public sealed partial class PublishingClient
{
    /// <summary>In one answer: far below what is read of one.</summary>
    const int EntriesPerRequest = 200;

    /// <summary>The last entries, the newest first.</summary>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<IReadOnlyList<RemoteAuditEntry>> ListAuditAsync(int count, CancellationToken cancellation)
    {
        var entries = new List<RemoteAuditEntry>();
        while (entries.Count < count)
        {
            var limit = Math.Min(count - entries.Count, EntriesPerRequest);
            var before = entries.Count > 0 ? $"&before={entries[^1].Number.ToString(CultureInfo.InvariantCulture)}" : "";
            var page = await AskAsync<IReadOnlyList<RemoteAuditEntry>>(
                $"audit?limit={limit.ToString(CultureInfo.InvariantCulture)}{before}", "audit",
                data => [.. data.Array("entries").Select(element => RemoteAuditEntry.Read(new JsonFields(element, "entries")))],
                cancellation);
            if (page.Any(entry => entries.Count > 0 && entry.Number >= entries[^1].Number))
            {
                throw new RemoteException("PM6051", $"{Url}: the entries of the log do not come in their order");
            }

            entries.AddRange(page.Take(limit));
            if (page.Count < limit)
            {
                break;
            }
        }

        return entries;
    }
}
