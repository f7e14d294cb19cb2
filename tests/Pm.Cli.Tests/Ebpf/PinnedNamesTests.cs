using Pm.Cli.Ebpf;
using Pm.Ebpf.Pinning;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

public sealed class PinnedNamesTests
{
    static readonly PinnedName[] Running = [new("opensnoop", 2), new("opensnoop", 1), new("execsnoop", 1)];

    [Theory]
    [InlineData("opensnoop/2", "opensnoop/2")]
    [InlineData("execsnoop", "execsnoop/1")]
    public void The_number_may_be_left_out_where_one_is_meant(string text, string expected) => Assert.Equal(expected, $"{PinnedNames.Among(Running, text)}");

    [Theory]
    [InlineData("opensnoop", "PM8055", "say its number, too: `opensnoop/1` or `opensnoop/2`")]
    [InlineData("opensnoop/9", "PM8056", "did you mean `opensnoop/1` or `opensnoop/2`?")]
    [InlineData("opensnop", "PM8056", "did you mean `opensnoop/1` or `opensnoop/2`?")]
    [InlineData("opensnop/1", "PM8056", "did you mean `opensnoop/1` or `opensnoop/2`?")]
    [InlineData("execsnoop/7", "PM8056", "did you mean `execsnoop/1`?")]
    [InlineData("exesnoop", "PM8056", "did you mean `execsnoop`?")]
    [InlineData("anything", "PM8056", "`pm ps` lists what does")]
    public void What_is_offered_instead_means_one(string text, string code, string hint)
    {
        var e = Assert.Throws<CommandException>(() => PinnedNames.Among(Running, text));

        Assert.Equal((code, hint), (e.Code, e.Hint));
    }

    [Fact]
    public void Of_many_the_first_are_offered() =>
        Assert.Equal(
            "say its number, too: `a/1`, `a/2`, `a/3`, `a/4`, `a/5` …",
            Assert.Throws<CommandException>(() => PinnedNames.Among([.. Enumerable.Range(1, 12).Reverse().Select(n => new PinnedName("a", n))], "a")).Hint);
}
