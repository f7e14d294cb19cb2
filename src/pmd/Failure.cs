using Pm.Codecs;
using Pm.Linux;
using Pm.Packages;
using Pm.Repositories;
using Pm.Storage;
using Pm.Trust;

namespace Pm.Daemon;

/// <summary>An error as a person sees it.</summary>
/// <param name="Exit">What the process would end with.</param>
/// <param name="Code">PMnnnn.</param>
/// <param name="Message">What failed, where, expected and actual.</param>
/// <param name="Hint">What to do about it.</param>
sealed record Failure(int Exit, string Code, string Message, string? Hint = null)
{
    /// <summary>What the operator is told where a client is told less.</summary>
    public string? ForOperator { get; init; }

    /// <summary>The one table from exceptions to messages.</summary>
    public static Failure Of(Exception error) => error switch
    {
        DaemonException e => new(e.Exit, e.Code, e.Message, e.Hint),
        RepositoryException e => new(ExitOf(e.Code), e.Code, e.Message, e.Hint) { ForOperator = e.InnerException is RepositoryException inner ? inner.Message : null },
        TrustException e => new(DaemonException.RefusedExit, e.Code, e.Message, e.Hint),
        PackageFormatException e => new(DaemonException.RefusedExit, e.Code, e.Message, e.Hint),
        CodecException e => new(1, e.Code, e.Message, e.Hint),
        StoreException e => new(1, e.Code, e.Message, e.Hint),
        LockBusyException e => new(11, e.Code, e.Message, e.Hint),
        SystemCallException { Errno: Errno.EACCES or Errno.EPERM } e => new(DaemonException.NotPermittedExit, "PM0005", e.Message),
        SystemCallException { IsNoSpace: true, Errno: Errno.EFBIG } e => new(1, "PM0006", e.Message, "raise the limit of the size of files: `ulimit -f`, systemd's LimitFSIZE"),
        SystemCallException { IsNoSpace: true } e => new(1, "PM0006", e.Message, "free some space"),
        SystemCallException { Errno: Errno.ENOENT } e => new(DaemonException.NotFoundExit, "PM0008", e.Message),
        SystemCallException or IOException => new(1, "PM0004", error.Message),
        _ => new(1, "PM0001", $"internal error: {error.GetType().Name}: {error.Message}",
            "this is a defect of pmd: please report it with the command line; PM_DEBUG=1 shows where it happened"),
    };

    static int ExitOf(string code) => code switch
    {
        "PM5201" => DaemonException.NotFoundExit,
        "PM5202" or "PM5204" => DaemonException.UsageExit,
        "PM5203" => DaemonException.RefusedExit,
        _ => 1,
    };
}
