using Pm.Cli.Ebpf;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

/// <summary>When a run says that events are lost while it follows them.</summary>
public class LossNoticeTests
{
    static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void They_are_told_when_there_are_more_and_at_most_once_a_second_and_at_the_end_in_all()
    {
        using var world = new World();
        var (turns, lost) = (0, 0ul);
        var follower = new EventFollower(world.Context, () => { }, new LossNotice(world.Context, () => lost), TimeSpan.FromSeconds(5));

        follower.Begin();
        follower.Follow(_ =>
        {
            world.Clock.Advance(Turn);
            lost = ++turns switch { < 5 => 0, < 15 => 1, < 35 => 7, _ => 9 };
        }, () => true);
        lost = 12;
        follower.End(() => { });

        Assert.Equal(50, turns);
        Assert.Equal(
            "warning: 1 event was lost so far: they come faster than they are read\n"
            + "warning: 7 events were lost so far: they come faster than they are read\n"
            + "warning: 9 events were lost so far: they come faster than they are read\n"
            + "warning: 12 events were lost: they came faster than they were read\n",
            world.Talk);
    }

    [Fact]
    public void Where_all_come_nothing_is_said()
    {
        using var world = new World();
        var follower = new EventFollower(world.Context, () => { }, new LossNotice(world.Context, () => 0), TimeSpan.FromSeconds(3));

        follower.Begin();
        follower.Follow(_ => world.Clock.Advance(Turn), () => true);
        follower.End(() => { });

        Assert.Equal("", world.Talk);
    }

    [Fact]
    public void They_are_not_counted_more_often_than_they_are_told()
    {
        using var world = new World();
        var asked = 0;
        var notice = new LossNotice(world.Context, () => (ulong)++asked);

        for (var i = 0; i < 30; i++)
        {
            world.Clock.Advance(Turn);
            notice.TellGrown();
        }

        Assert.Equal(3, asked);
    }
}
