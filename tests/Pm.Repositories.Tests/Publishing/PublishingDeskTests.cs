using Pm.Codecs;
using Pm.Linux;
using Pm.Packages;
using Pm.Repositories.Auditing;
using Pm.Repositories.Publishing;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Repositories.Tests.Publishing;

public sealed class PublishingDeskTests : IDisposable
{
    readonly DeskFixture _fixture = new();

    PublishingDesk Desk => _fixture.Desk;

    public void Dispose()
    {
        WriteDoor.Fault = null;
        _fixture.Dispose();
    }

    [Fact]
    public async Task An_upload_becomes_a_package_and_the_log_says_whose()
    {
        var publisher = _fixture.Publisher("publish:*");

        var item = Assert.Single(await _fixture.PublishAsync(publisher, new SamplePackage("foo@1.0", "one")));

        Assert.True(item.IsNew);
        Assert.Equal(["foo@1.0"], _fixture.Files.Listed());
        Assert.Empty(_fixture.Files.Findings());
        Assert.Empty(_fixture.Uploads());
        var entry = Desk.Audit.List(1)[0];
        Assert.Equal(
            ($"token {publisher.Token.Id}", "a test", "192.0.2.7", "publish", "foo@1.0", item.Hash.ToString(), "ok"),
            (entry.Actor, entry.Note, entry.Address, entry.Action, entry.Subject, entry.Detail, entry.Result));
    }

    [Fact]
    public async Task A_name_that_the_token_does_not_cover_is_refused()
    {
        var publisher = _fixture.Publisher("publish:acme/*");

        Assert.Equal("PM5031", await CodeAsync(_fixture.PublishAsync(publisher, new("acme/foo@1.0", "one"), new("foo@1.0", "one"))));

        Assert.Empty(_fixture.Files.Listed());
        Assert.Equal(["publish foo@1.0 PM5031"], _fixture.Log());
    }

    [Fact]
    public async Task What_one_token_may_not_publish_another_still_may()
    {
        var (ann, ben) = (_fixture.Publisher("publish:foo"), _fixture.Publisher("publish:bar"));
        var upload = await _fixture.UploadAsync(ann, new SamplePackage("foo@1.0", "one"));

        Assert.Equal("PM5031", await CodeAsync(Desk.PublishAsync(ben, [upload])));

        Assert.True(Assert.Single(await Desk.PublishAsync(ann, [upload])).IsNew);
    }

    [Fact]
    public async Task Of_a_request_only_what_is_wrong_has_to_come_again()
    {
        var publisher = _fixture.Publisher("publish:*");
        var good = await _fixture.UploadAsync(publisher, new SamplePackage("foo@1.0", "one"));
        var damaged = await _fixture.UploadAsync(publisher, [1, 2, 3]);

        Assert.Equal("PM5035", await CodeAsync(Desk.PublishAsync(publisher, [good, DeskFixture.Name([4])])));
        await Assert.ThrowsAnyAsync<PackageFormatException>(() => Desk.PublishAsync(publisher, [good, damaged]));

        Assert.Equal([good.Digest.ToString()], _fixture.Uploads());
        Assert.Single(await Desk.PublishAsync(publisher, [good]));
    }

    /// <summary>The same package in another file, as a second signature makes it, can be sent as often as one likes.</summary>
    [Fact]
    public async Task A_package_that_comes_in_another_file_is_no_news_each_time()
    {
        var publisher = _fixture.Publisher("publish:*");
        var package = new SamplePackage("foo@1.0", "one");
        await _fixture.PublishAsync(publisher, package);
        var other = package.ToPkg(isSigned: false, Compression.Gzip);
        for (var i = 0; i < 2; i++)
        {
            Assert.False(Desk.Find(DeskFixture.Name(other).Digest, publisher).IsWhole);
            Assert.False(Assert.Single(await Desk.PublishAsync(publisher, [await _fixture.UploadAsync(publisher, other)])).IsNew);
        }
    }

    [Fact]
    public async Task What_was_removed_and_came_again_in_another_file_may_come_as_it_was()
    {
        var publisher = _fixture.Publisher("publish:*");
        var package = new SamplePackage("foo@1.0", "one");
        await _fixture.PublishAsync(publisher, package);
        _fixture.Files.Repository.Remove([package.Package.Id], _fixture.Files.Access);
        var other = await _fixture.UploadAsync(publisher, package.ToPkg(isSigned: false, Compression.Gzip));
        await Desk.PublishAsync(publisher, [other]);
        var first = DeskFixture.Name(package.ToPkg(isSigned: false));

        // As the hint of the refusal says: the same again.
        Assert.Equal("PM5035", await CodeAsync(Desk.PublishAsync(publisher, [first])));
        Assert.False(Desk.Find(first.Digest, publisher).IsWhole);
        Assert.False(Assert.Single(await _fixture.PublishAsync(publisher, package)).IsNew);
    }

    /// <summary>Whatever a repository that somebody repaired by hand makes of it: nobody waits for ever.</summary>
    [Fact]
    public async Task The_desk_outlives_a_repository_that_says_one_package_twice()
    {
        using var fixture = new DeskFixture(binsAbove: 0);
        var publisher = fixture.Publisher("publish:*");
        await fixture.PublishAsync(publisher, new SamplePackage("foo@1.0", "one"));
        TwiceListed(fixture.Files);
        fixture.Desk.Audit.Add(publisher.Actor, fixture.Files.Clock.Now, new AuditedChange("publish", "foo@1.0"), null);
        var upload = await fixture.UploadAsync(publisher, new SamplePackage("bar@1.0", "two"));
        WriteDoor.Fault = WriteFault.Parse("eio@1+", Path.Join(fixture.Files.Path, "staged"));

        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<SystemCallException>(() => fixture.Desk.PublishAsync(publisher, [upload]).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        }

        WriteDoor.Fault = null;
        fixture.Restart();
        Assert.DoesNotContain("publish foo@1.0 open", fixture.Log());
    }

    /// <summary>The target of a bin stands in targets.json as well.</summary>
    static void TwiceListed(RepositoryFixture files)
    {
        using var writer = RepositoryWriter.Open(files.Path, files.Access);
        var state = RepositoryState.Load(writer.Served);
        var expires = files.Clock.Now.AddDays(1);
        var staged = new StagedMetadata(writer);
        var targets = staged.Add("targets", new TargetsMetadata
        {
            Version = state.Targets.Version + 1,
            Expires = expires,
            Targets = Enumerable.Range(0, state.Bins!.Count).SelectMany(bin => state.ReadBin(bin).Targets).ToDictionary(),
            Delegations = state.Targets.Delegations,
        }, writer.Keys.Find("targets"));
        var snapshot = staged.Add("snapshot", new SnapshotMetadata
        {
            Version = state.Snapshot.Version + 1,
            Expires = expires,
            Meta = new Dictionary<string, MetaFile>(state.Snapshot.Meta) { ["targets.json"] = MetaFile.Of(state.Targets.Version + 1, targets) },
        }, writer.Keys.Find("snapshot"));
        var timestamp = RoleSigner.Sign(new TimestampMetadata
        {
            Version = state.Timestamp.Version + 1,
            Expires = expires,
            Snapshot = MetaFile.Of(state.Snapshot.Version + 1, snapshot),
        }, writer.Keys.Find("timestamp"));
        staged.AddFile("timestamp.json", timestamp);
        staged.Place();
    }

    [Fact]
    public async Task A_token_without_publishing_lays_nothing_down()
    {
        Assert.Equal("PM5031", await CodeAsync(Desk.PublishAsync(_fixture.Publisher("yank", "admin"), [DeskFixture.Name([1])])));
        Assert.Empty(_fixture.Log());
    }

    [Fact]
    public async Task The_same_bytes_again_are_no_news_with_and_without_the_upload()
    {
        var publisher = _fixture.Publisher("publish:*");
        var package = new SamplePackage("foo@1.0", "one");
        await _fixture.PublishAsync(publisher, package);
        var before = TemporaryDirectory.Snapshot(_fixture.Files.Served);

        var uploaded = await _fixture.PublishAsync(publisher, package);
        _fixture.Restart();
        var name = DeskFixture.Name(package.ToPkg(isSigned: false));
        var found = Desk.Find(name.Digest, publisher);
        var remembered = await Desk.PublishAsync(publisher, [name]);

        Assert.True(found.IsWhole);
        Assert.False(Assert.Single(uploaded).IsNew);
        Assert.Equal(package.Package.Hash, Assert.Single(remembered).Hash);
        Assert.False(remembered[0].IsNew);
        Assert.Equal(before, TemporaryDirectory.Snapshot(_fixture.Files.Served));
        Assert.Equal(["publish foo@1.0 ok", "publish foo@1.0 unchanged", "publish foo@1.0 unchanged"], _fixture.Log());
    }

    [Fact]
    public async Task A_receipt_opens_nothing_to_a_token_that_does_not_cover_the_name()
    {
        var package = new SamplePackage("foo@1.0", "one");
        await _fixture.PublishAsync(_fixture.Publisher("publish:*"), package);

        Assert.Equal("PM5031", await CodeAsync(Desk.PublishAsync(
            _fixture.Publisher("publish:bar"), [DeskFixture.Name(package.ToPkg(isSigned: false))])));
    }

    [Fact]
    public async Task What_was_removed_since_has_to_be_uploaded_again()
    {
        var publisher = _fixture.Publisher("publish:*");
        var package = new SamplePackage("foo@1.0", "one");
        await _fixture.PublishAsync(publisher, package);
        _fixture.Files.Repository.Remove([package.Package.Id], _fixture.Files.Access);
        var name = DeskFixture.Name(package.ToPkg(isSigned: false));

        Assert.False(Desk.Find(name.Digest, publisher).IsWhole);
        Assert.Equal("PM5035", await CodeAsync(Desk.PublishAsync(publisher, [name])));
        Assert.True(Assert.Single(await _fixture.PublishAsync(publisher, package)).IsNew);
    }

    [Fact]
    public async Task Nothing_that_was_never_uploaded_is_published() =>
        Assert.Equal("PM5035", await CodeAsync(Desk.PublishAsync(_fixture.Publisher("publish:foo"), [DeskFixture.Name([1])])));

    [Fact]
    public async Task A_version_with_other_content_is_refused_and_the_first_stays()
    {
        var publisher = _fixture.Publisher("publish:*");
        await _fixture.PublishAsync(publisher, new SamplePackage("foo@1.0", "one"));

        Assert.Equal("PM5003", await CodeAsync(_fixture.PublishAsync(publisher, new SamplePackage("foo@1.0", "two"))));

        Assert.Empty(_fixture.Files.Findings());
        Assert.Empty(_fixture.Uploads());
    }

    [Fact]
    public async Task What_is_no_package_is_refused_and_leaves_nothing()
    {
        var publisher = _fixture.Publisher("publish:*");
        var whole = new SamplePackage("foo@1.0", "one").ToPkg(isSigned: false);
        var before = TemporaryDirectory.Snapshot(_fixture.Files.Served);
        foreach (var bytes in (byte[][])[[], [1, 2, 3], whole[..^2000], [.. whole[..3000], .. whole[2000..]], new byte[100_000]])
        {
            var upload = await _fixture.UploadAsync(publisher, bytes);
            await Assert.ThrowsAnyAsync<Exception>(() => Desk.PublishAsync(publisher, [upload]));
            Assert.Matches("^publish file.pkg PM2", _fixture.Log().Last());
        }

        Assert.Empty(_fixture.Uploads());
        Assert.Equal(before, TemporaryDirectory.Snapshot(_fixture.Files.Served));
    }

    /// <summary>While somebody else has the repository fifty publishers come; then all of them cost two updates.</summary>
    [Fact]
    public async Task Many_publishers_cost_few_updates_and_each_gets_an_answer_of_its_own()
    {
        const int Count = 50;
        var publisher = _fixture.Publisher("publish:*");
        var uploads = new List<UploadName>();
        for (var i = 0; i < Count; i++)
        {
            uploads.Add(await _fixture.UploadAsync(publisher, new SamplePackage($"foo-{i % 40}@1.0", i < 40 ? "one" : "two")));
        }

        List<Task<IReadOnlyList<PublishedItem>>> answers;
        using (RepositoryWriter.Open(_fixture.Files.Path, _fixture.Files.Access))
        {
            answers = [.. uploads.Select(upload => Desk.PublishAsync(publisher, [upload]))];
        }

        for (var i = 0; i < Count; i++)
        {
            if (i < 40)
            {
                Assert.Equal($"foo-{i}@1.0", Assert.Single(await answers[i]).Id.ToString());
            }
            else
            {
                Assert.Equal("PM5003", await CodeAsync(answers[i]));
            }
        }

        Assert.InRange(Desk.Rounds, 1, 2);
        Assert.Equal(40, _fixture.Files.Listed().Count());
        Assert.Empty(_fixture.Files.Findings());
        Assert.Equal(Count, _fixture.Log().Count());
    }

    /// <summary>The log is never cut, and a refusal is cheap: nobody fills the disk with them.</summary>
    [Fact]
    public async Task Of_many_refusals_the_log_has_enough_to_see_whose()
    {
        var (loud, quiet) = (_fixture.Publisher("publish:foo"), _fixture.Publisher("publish:foo"));
        var answers = Enumerable.Range(0, 100).Select(_ => Desk.PublishAsync(loud, [DeskFixture.Name([1])]))
            .Append(Desk.PublishAsync(quiet, [DeskFixture.Name([2], "other.pkg")])).ToList();

        await Assert.ThrowsAsync<RepositoryException>(() => Task.WhenAll(answers));

        Assert.Equal(60, _fixture.Log().Count(line => line == "publish file.pkg PM5035"));
        Assert.Contains("publish other.pkg PM5035", _fixture.Log());
    }

    [Fact]
    public async Task A_refusal_takes_no_version_from_who_comes_after()
    {
        var publisher = _fixture.Publisher("publish:foo");
        var first = new List<UploadName>
        {
            await _fixture.UploadAsync(publisher, new SamplePackage("foo@1.0", "first")),
            await _fixture.UploadAsync(publisher, new SamplePackage("bar@1.0", "not covered")),
        };
        var second = await _fixture.UploadAsync(publisher, new SamplePackage("foo@1.0", "second"));
        Task<IReadOnlyList<PublishedItem>> refused, published;
        using (RepositoryWriter.Open(_fixture.Files.Path, _fixture.Files.Access))
        {
            refused = Desk.PublishAsync(publisher, first);
            published = Desk.PublishAsync(publisher, [second]);
        }

        Assert.Equal("PM5031", await CodeAsync(refused));
        Assert.True(Assert.Single(await published).IsNew);
        Assert.Equal(["foo@1.0"], _fixture.Files.Listed());
        Assert.Empty(_fixture.Files.Findings());
    }

    [Fact]
    public async Task Publishing_and_withdrawing_keep_their_order()
    {
        var publisher = _fixture.Publisher("publish:*", "yank");
        var package = new SamplePackage("foo@1.0", "one");
        var upload = await _fixture.UploadAsync(publisher, package);
        Task<IReadOnlyList<PublishedItem>> published;
        Task<bool> yanked, undone;
        using (RepositoryWriter.Open(_fixture.Files.Path, _fixture.Files.Access))
        {
            published = Desk.PublishAsync(publisher, [upload]);
            yanked = Desk.YankAsync(publisher, package.Package.Id, "bad", isUndone: false);
            undone = Desk.YankAsync(publisher, package.Package.Id, null, isUndone: true);
        }

        Assert.Single(await published);
        Assert.True(await yanked);
        Assert.True(await undone);
        Assert.False(_fixture.Files.Repository.List()[0].Package.IsYanked);
        Assert.Equal(["publish foo@1.0 ok", "yank foo@1.0 ok", "unyank foo@1.0 ok"], _fixture.Log());
    }

    [Fact]
    public async Task A_yank_needs_the_scope_and_the_package()
    {
        var id = RepositoryFixture.Id("foo@1.0");

        Assert.Equal("PM5031", await CodeAsync(Desk.YankAsync(_fixture.Publisher("publish:*"), id, null, isUndone: false)));
        Assert.Equal("PM5031", await CodeAsync(Desk.YankAsync(_fixture.Publisher("yank:bar"), id, null, isUndone: false)));
        Assert.Equal("PM5005", await CodeAsync(Desk.YankAsync(_fixture.Publisher("yank:foo"), id, null, isUndone: false)));
        Assert.Equal(["yank foo@1.0 PM5031", "yank foo@1.0 PM5031", "yank foo@1.0 PM5005"], _fixture.Log());
    }

    [Fact]
    public async Task A_token_that_is_revoked_while_it_waits_publishes_nothing()
    {
        var publisher = _fixture.Publisher("publish:*", "yank");
        var upload = await _fixture.UploadAsync(publisher, new SamplePackage("foo@1.0", "one"));
        Task<IReadOnlyList<PublishedItem>> published;
        using (RepositoryWriter.Open(_fixture.Files.Path, _fixture.Files.Access))
        {
            published = Desk.PublishAsync(publisher, [upload]);
            Desk.Tokens.Revoke(publisher.Token.Id, AuditActor.Local, _fixture.Files.Clock.Now);
        }

        Assert.Equal("PM5030", await CodeAsync(published));
        Assert.Equal("PM5030", await CodeAsync(Desk.YankAsync(publisher, RepositoryFixture.Id("foo@1.0"), null, isUndone: false)));
        Assert.Empty(_fixture.Files.Listed());
    }

    [Fact]
    public async Task What_waits_is_done_before_it_stops_and_nothing_more_is_taken()
    {
        var publisher = _fixture.Publisher("publish:*");
        var upload = await _fixture.UploadAsync(publisher, new SamplePackage("foo@1.0", "one"));
        var published = Desk.PublishAsync(publisher, [upload]);

        await Desk.StopAsync();

        Assert.Single(await published);
        Assert.Equal("PM5040", await CodeAsync(Desk.PublishAsync(publisher, [upload])));
        Assert.Equal(["foo@1.0"], _fixture.Files.Listed());
    }

    [Fact]
    public async Task So_many_wait_and_no_more_and_who_waits_too_long_is_told_so()
    {
        var publisher = _fixture.Publisher("publish:*");
        var answers = new List<Task>();
        using (RepositoryWriter.Open(_fixture.Files.Path, _fixture.Files.Access))
        {
            for (var i = 0; i < 1500; i++)
            {
                answers.Add(Desk.PublishAsync(publisher, [DeskFixture.Name([1])]));
            }

            await Desk.StopAsync(isHurried: true);
        }

        await Assert.ThrowsAsync<RepositoryException>(() => Task.WhenAll(answers));
        var codes = answers.Select(answer => ((RepositoryException)answer.Exception!.InnerException!).Code).CountBy(code => code).ToDictionary();
        Assert.InRange(codes["PM5042"], 1500 - 1024 - 256, 1500 - 1024);
        Assert.Equal(1500, codes["PM5042"] + codes["PM5040"]);
    }

    [Fact]
    public async Task Readers_always_see_a_whole_state()
    {
        var publisher = _fixture.Publisher("publish:*");
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            var states = 0;
            for (; !stop.IsCancellationRequested; states++)
            {
                Assert.DoesNotContain(
                    _fixture.Files.Repository.Verify(_fixture.Files.Clock.Now, null).Findings,
                    finding => finding.Kind is FindingKind.Missing or FindingKind.Damaged or FindingKind.Metadata);
            }

            return states;
        });

        for (var i = 0; i < 30; i++)
        {
            await _fixture.PublishAsync(publisher, new SamplePackage($"foo@{i}.0", $"{i}"));
        }

        await stop.CancelAsync();
        Assert.True(await reader > 1);
        Assert.Equal(30, _fixture.Files.Listed().Count());
    }

    static async Task<string> CodeAsync<T>(Task<T> task) => (await Assert.ThrowsAsync<RepositoryException>(() => task)).Code;
}
