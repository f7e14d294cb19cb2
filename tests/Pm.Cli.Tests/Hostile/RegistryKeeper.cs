using Xunit;

namespace Pm.Cli.Tests.Hostile;

/// <summary>Stories of a registry that go on from one test to the next of a class: what a lie left behind, the next one meets. One whose test failed is not gone on with.</summary>
public sealed class RegistryKeeper : IAsyncLifetime
{
    const int LongestVersion = 40;

    readonly List<RegistryStory> _all = [];
    readonly Dictionary<bool, RegistryStory> _free = [];

    internal async Task<RegistryStory> TakeAsync(bool isOutside)
    {
        if (_free.Remove(isOutside, out var story))
        {
            return story;
        }

        story = await RegistryStory.BeginAsync(isOutside);
        _all.Add(story);
        return story;
    }

    internal void GiveBack(RegistryStory story)
    {
        if (story.Version < LongestVersion)
        {
            _free[story.IsOutside] = story;
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
