using Xunit;

namespace Pm.Ebpf.Tests;

/// <summary>Tests of locks that end with their handles: a program that another test starts meanwhile holds a copy of each until it is executed.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneInProcess
{
    public const string Name = "alone in this process";
}
