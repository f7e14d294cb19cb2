using Xunit;

namespace Pm.Cli.Tests.Hostile;

/// <summary>
/// Stories that go on from one test to the next of a class: what a lie left behind, the next one meets. A story whose test failed
/// is not gone on with, nor one that has grown long: each generation is a file that is looked at again and again.
/// </summary>
public sealed class StoryKeeper : IAsyncLifetime
{
    const int LongestVersion = 40;

    readonly List<HostileStory> _all = [];
    readonly Dictionary<(bool HasMirror, bool IsOutside), HostileStory> _free = [];

    internal async Task<HostileStory> TakeAsync(RemoteFace face, bool hasMirror, bool isOutside)
    {
        if (_free.Remove((hasMirror, isOutside), out var story))
        {
            return story;
        }

        story = await HostileStory.BeginAsync(face, hasMirror, isOutside: isOutside);
        _all.Add(story);
        return story;
    }

    internal void GiveBack(HostileStory story)
    {
        if (story.Version < LongestVersion)
        {
            _free[(story.HasMirror, story.IsOutside)] = story;
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var story in _all)
        {
            await story.DisposeAsync();
        }
    }
}
