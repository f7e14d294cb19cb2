using System.Collections.Immutable;
using Pm.Packages.Index;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Pages.Packages;

/// <summary>The versions of a package, newest first, as many as a page has room for.</summary>
/// <param name="Total">How many there are.</param>
/// <param name="From">How many newer ones stand before the first that is listed.</param>
/// <param name="Listed">What is listed.</param>
public sealed record VersionList(int Total, int From, ImmutableArray<VersionLine> Listed)
{
    const int Length = 20;
    const int Room = 7_000;
    const int AroundLine = 300;

    internal static VersionList Of(ServedRepository repository, IReadOnlyList<PublishedTarget> versions, int from)
    {
        from = Math.Min(from, Math.Max(0, versions.Count - 1));
        return new VersionList(
            versions.Count, from, Lines(repository, versions.Skip(from).Take(Length)));
    }

    static ImmutableArray<VersionLine> Lines(ServedRepository repository, IEnumerable<PublishedTarget> versions)
    {
        var room = new PageRoom(Room, AroundLine);
        return
        [
            .. versions.Select(target => VersionLine.Of(repository, target))
                .TakeWhile((line, at) => room.TryTake(line.Version.Text, line.Version.Text, line.YankReason) || at == 0),
        ];
    }
}
