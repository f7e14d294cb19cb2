using Pm.Cli.Tests.Gear;
using Xunit;

namespace Pm.Cli.Tests;

/// <summary>Every case directory, against the executable that PM_TEST_BIN names.</summary>
public class NativeCaseTests
{
    static readonly string? Executable = Environment.GetEnvironmentVariable("PM_TEST_BIN");

    public static TheoryData<string> Names => [.. Case.Names()];

    [Theory, MemberData(nameof(Names))]
    public Task A_case_gives_what_its_file_says_natively(string name)
    {
        Assert.SkipWhen(string.IsNullOrEmpty(Executable), "PM_TEST_BIN names no executable");
        return new Case(name).RunAsync(new NativeRunner(Path.GetFullPath(Executable!)));
    }
}
