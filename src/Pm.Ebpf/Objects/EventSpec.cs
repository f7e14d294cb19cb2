using System.Collections.Immutable;
using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Objects;

/// <summary>What the events of one map are.</summary>
/// <param name="Map">The map that carries them.</param>
/// <param name="Type">A struct or union; null when it is not known.</param>
/// <param name="Source">How it is known.</param>
/// <param name="Candidates">Those that it could be, when it is not known.</param>
/// <param name="Sizes">The sizes that the programs write, as far as they are constants.</param>
public sealed record EventSpec(MapSpec Map, BtfType? Type, EventSource Source, ImmutableArray<BtfType> Candidates, ImmutableArray<int> Sizes);
