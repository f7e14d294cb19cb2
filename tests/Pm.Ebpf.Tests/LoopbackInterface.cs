using Xunit;

namespace Pm.Ebpf.Tests;

/// <summary>Tests that attach programs to the loopback interface: it takes one program that looks at packets before anything else does (XDP), hence they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class LoopbackInterface
{
    public const string Name = "loopback interface";
}
