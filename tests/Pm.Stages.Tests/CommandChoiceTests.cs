using Pm.Stages.Running;
using Xunit;

namespace Pm.Stages.Tests;

public class CommandChoiceTests
{
    [Theory]
    [InlineData("", "bin/tool", null, "bin/tool")]
    [InlineData("", "bin/tool bin/other", null, "bin/tool")]
    [InlineData("", "bin/only", null, "bin/only")]
    [InlineData("", "bin/only lib/run", null, "bin/only")]
    [InlineData("", "lib/run", null, "lib/run")]
    [InlineData("commands:\n  tool: lib/real\n", "bin/tool lib/real", null, "lib/real")]
    [InlineData("commands:\n  only: lib/real\n", "bin/a bin/b lib/real", null, "lib/real")]
    [InlineData("commands:\n  a: lib/a\n  b: lib/b\n", "lib/a lib/b", "b", "lib/b")]
    [InlineData("", "bin/a bin/b", "b", "bin/b")]
    public void The_program_that_a_name_means_is_found(string yaml, string files, string? command, string expected)
    {
        var package = Samples.Package("tool@1.0", yaml, files.Split(' '));

        Assert.Equal(expected, Assert.IsType<CommandChoice.Found>(CommandChoice.Of(package, command)).Path);
    }

    [Fact]
    public void Several_programs_are_named_and_none_is_guessed()
    {
        var package = Samples.Package("tool@1.0", "", "bin/a", "bin/b");

        Assert.Equal(["a", "b"], Assert.IsType<CommandChoice.Ambiguous>(CommandChoice.Of(package, null)).Names);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("bin/a", "b")]
    public void A_program_that_is_not_there_is_said_to_be_missing(string files, string? command)
    {
        var package = Samples.Package("tool@1.0", "", files.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.IsType<CommandChoice.None>(CommandChoice.Of(package, command));
    }
}
