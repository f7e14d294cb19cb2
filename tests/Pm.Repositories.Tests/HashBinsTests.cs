using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Repositories.Tests;

public class HashBinsTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(128)]
    [InlineData(1024)]
    public void Every_path_is_one_bins_as_clients_see_it(int count)
    {
        var bins = new HashBins(count);
        var paths = new DelegatedPaths(ToDelegations(bins).Roles);

        Assert.True(paths.AreDisjoint);
        for (var i = 0; i < 200; i++)
        {
            var path = $"package-{i}/1.{i}";
            Assert.Equal([bins.BinOf(path)], Enumerable.Range(0, count).Where(bin => paths.MaySpeak(bin, path)));
        }
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(1_001, 128)]
    [InlineData(2_048, 128)]
    [InlineData(2_049, 256)]
    [InlineData(10_000, 512)]
    [InlineData(100_000, 1024)]
    [InlineData(131_073, 2048)]
    [InlineData(long.MaxValue, 16384)]
    public void There_are_about_as_many_bins_as_a_bin_and_the_snapshot_are_long(long targets, int count) =>
        Assert.Equal(count, HashBins.CountFor(targets));

    [Fact]
    public void They_are_known_again_and_other_delegations_are_not()
    {
        var delegations = ToDelegations(new HashBins(16));

        Assert.Equal(16, HashBins.Of(delegations)!.Count);
        Assert.Null(HashBins.Of(null));
        Assert.Null(HashBins.Of(delegations with { Roles = [.. delegations.Roles.Skip(1)] }));
        Assert.Null(HashBins.Of(delegations with { Roles = [.. delegations.Roles.Reverse()] }));
        Assert.Null(HashBins.Of(delegations with { Roles = [.. delegations.Roles.Select(role => role with { PathHashPrefixes = ["00"] })] }));
    }

    [Fact]
    public void More_of_them_keep_the_names_of_fewer()
    {
        var names = Enumerable.Range(0, 32).Select(HashBins.NameOf).ToList();

        Assert.Equal(("bin-0", "bin-a", "bin-1f"), (names[0], names[10], names[31]));
    }

    static Delegations ToDelegations(HashBins bins)
    {
        var key = SecretKey.Create().Public;
        return bins.ToDelegations([key], new RoleKeys([key.Id], 1));
    }
}
