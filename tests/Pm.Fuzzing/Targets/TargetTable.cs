using Pm.Fuzzing.Gear;

namespace Pm.Fuzzing.Targets;

/// <summary>Every parser of bytes from outside. A reader that is not here is not fuzzed.</summary>
static class TargetTable
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        .. NameTargets.All,
        .. PackageTargets.All,
        .. TomlTargets.All,
        .. IndexTargets.All,
        .. ArchiveTargets.All,
        .. CodecTargets.All,
        .. BlobTargets.All,
        .. OpenPgpTargets.All,
        .. TufTargets.All,
        .. StorageTargets.All,
        .. RemoteTargets.All,
        .. HttpTargets.All,
        .. StageTargets.All,
        .. SourceTargets.All,
        .. DatabaseTargets.All,
        .. ServingTargets.All,
        .. PublishingTargets.All,
        .. EbpfTargets.All, LibBpfTarget.Value, .. EunomiaTargets.All,
        .. CommandTargets.All,
        .. RpcTargets.All,
    ];

    public static FuzzTarget Named(string name) => All.Single(t => t.Name == name);
}
