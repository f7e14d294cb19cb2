using Xunit;

namespace Pm.Linux.Tests;

/// <summary>Tests that install a fault: there is one door in a process.</summary>
[CollectionDefinition(nameof(Doors))]
public sealed class Doors;

/// <summary>Tests that look at the whole process, which must be alone in it.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
