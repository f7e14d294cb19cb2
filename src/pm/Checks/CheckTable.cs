namespace Pm.Cli.Checks;

/// <summary>Every check of <c>pm doctor</c>, in its order.</summary>
static class CheckTable
{
    public static IReadOnlyList<Check> Entries { get; } =
    [
        new("gpg", c => MachineChecks.Program(c, "gpg", "gnupg", "signing packages")),
        new("gpgv", c => MachineChecks.Program(c, "gpgv", "gpgv", "checking signatures")),
        new("keys", KeyChecks.Expiry),
        new("libcrypto", _ => MachineChecks.Library("libcrypto.so.3", "libssl3")),
        new("libzstd", _ => MachineChecks.Library("libzstd.so.1", "libzstd1")),
        new("libbz2", _ => MachineChecks.Library("libbz2.so.1.0", "libbz2-1.0")),
        new("liblzma", _ => MachineChecks.Library("liblzma.so.5", "liblzma5")),
        new("libsqlite3", _ => MachineChecks.Library("libsqlite3.so.0", "libsqlite3-0")),
        new("clock", MachineChecks.Clock),
        new("root", MachineChecks.RootIsWritable),
        new("disk space", MachineChecks.Space),
        new("store", RootChecks.StoreIsThere),
        new("links", RootChecks.Links),
        new("journal", RootChecks.Journal),
        new("remotes", RootChecks.Remotes),
        new("roots", RootChecks.RegisteredRoots),
    ];
}
