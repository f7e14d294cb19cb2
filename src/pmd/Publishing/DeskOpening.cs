using Pm.Linux;
using Pm.Repositories.Publishing;

namespace Pm.Daemon.Publishing;

/// <summary>A desk, or the attempt to open one.</summary>
/// <param name="Database">The file with the tokens that it goes by.</param>
/// <param name="Desk">Ends when it is open.</param>
sealed record DeskOpening(FileStatus Database, Task<PublishingDesk> Desk)
{
    /// <summary>Whether that is still the file of the repository.</summary>
    public bool IsOf(FileStatus? database) => database is { } there && there.IsSameFile(Database);
}
