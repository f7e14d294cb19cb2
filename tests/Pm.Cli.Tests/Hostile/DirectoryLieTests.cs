using Xunit;

namespace Pm.Cli.Tests.Hostile;

public sealed class DirectoryLieTests(StoryKeeper stories) : LieTests(RemoteFace.Directory, stories), IClassFixture<StoryKeeper>
{
    public static TheoryData<string> All => LiesOf(RemoteFace.Directory);

    public static TheoryData<string> Mirrored => MirroredLiesOf(RemoteFace.Directory);

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(All))]
    public Task A_lie_changes_nothing_or_is_named(string lie) => LieAsync(lie);

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Mirrored))]
    public Task Where_there_is_a_mirror_it_is_asked(string lie) => MirrorAsync(lie);
}
