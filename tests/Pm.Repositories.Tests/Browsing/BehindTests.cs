using Pm.Repositories.Browsing;
using Xunit;

namespace Pm.Repositories.Tests.Browsing;

public class BehindTests
{
    [Fact]
    public void It_is_made_once_and_only_when_it_is_asked_for()
    {
        var made = 0;
        var behind = new Behind<string>(() => $"{++made}", null);
        Assert.Null(behind.Known);
        Assert.Equal(0, made);

        Assert.Equal("1", behind.Value);
        Assert.Equal("1", behind.Value);
        Assert.Equal("1", behind.Known);
    }

    [Fact]
    public async Task What_was_before_is_given_out_until_the_next_is_made()
    {
        using var mayBeMade = new ManualResetEventSlim();
        var isMade = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var made = 0;
        var behind = new Behind<string>(
            () =>
            {
                mayBeMade.Wait();
                isMade.TrySetResult();
                return $"after {++made}";
            },
            "before");

        Assert.Equal("before", behind.Value);
        Assert.Equal("before", behind.Value);
        Assert.Equal("before", behind.Known);
        mayBeMade.Set();
        await isMade.Task;

        Assert.True(SpinWait.SpinUntil(() => behind.Value == "after 1", TimeSpan.FromSeconds(30)));
        Assert.Equal("after 1", behind.Known);
        Assert.Equal(1, made);
    }
}
