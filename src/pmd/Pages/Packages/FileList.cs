using System.Collections.Immutable;
using Pm.Packages;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Pages.Packages;

/// <summary>What a package puts where, as much as a page has room for.</summary>
/// <param name="Total">How many paths there are.</param>
/// <param name="From">How many stand before the first that is listed.</param>
/// <param name="SetIds">How many run as somebody else than who starts them, those that are not listed included.</param>
/// <param name="Listed">What is listed.</param>
public sealed record FileList(int Total, int From, int SetIds, ImmutableArray<FileLine> Listed)
{
    const int MostLines = 80;
    const int Room = 11_000;
    const int AroundLine = 140;

    internal static FileList Of(ServedRepository repository, Package package, int from)
    {
        var entries = package.Entries;
        from = Math.Min(from, Math.Max(0, entries.Count - 1));
        var room = new PageRoom(Room, AroundLine);
        return new FileList(
            entries.Count, from, entries.Count(entry => entry.IsSetId),
            [
                .. entries.Skip(from).Take(MostLines)
                    .TakeWhile((entry, at) => room.TryTake(entry.Path, entry.Target, entry.Owner, entry.Group) || at == 0)
                    .Select(entry => FileLine.Of(repository, entry)),
            ]);
    }
}
