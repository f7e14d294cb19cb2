using Pm.Cli.Tests.Gear;
using Xunit;

namespace Pm.Cli.Tests;

/// <summary>Every case directory, inside this process.</summary>
public class CaseTests
{
    public static TheoryData<string> Names => [.. Case.Names()];

    [Theory, MemberData(nameof(Names))]
    public Task A_case_gives_what_its_file_says(string name) => new Case(name).RunAsync(Runner.InProcess);
}
