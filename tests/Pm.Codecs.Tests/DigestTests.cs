using System.Security.Cryptography;
using Xunit;

namespace Pm.Codecs.Tests;

public class DigestTests
{
    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    public void One_context_used_again_and_again_agrees_with_the_runtime(DigestAlgorithm algorithm)
    {
        var random = new Random(1);
        var context = DigestContext.OfThread(algorithm);
        var digest = new byte[context.DigestSize];
        for (var round = 0; round < 200; round++)
        {
            var data = Samples.Make(random, random.Next(20_000));

            context.Restart();
            for (int done = 0, piece; done < data.Length; done += piece)
            {
                piece = Math.Min(data.Length - done, random.Next(9000));
                context.Append(data.AsSpan(done, piece));
            }

            context.Finish(digest);
            Assert.Equal(
                algorithm == DigestAlgorithm.Sha256 ? SHA256.HashData(data) : SHA512.HashData(data), digest);
        }
    }

    [Fact]
    public void What_was_appended_before_a_restart_is_forgotten()
    {
        using var context = new DigestContext(DigestAlgorithm.Sha256);
        var digest = new byte[32];
        context.Append("half a message"u8);

        context.Restart();
        context.Finish(digest);

        Assert.Equal(SHA256.HashData([]), digest);
    }

    [Fact]
    public void Each_thread_has_its_own_context()
    {
        var here = DigestContext.OfThread(DigestAlgorithm.Sha256);
        DigestContext? there = null;
        var thread = new Thread(() => there = DigestContext.OfThread(DigestAlgorithm.Sha256));

        thread.Start();
        thread.Join();

        Assert.Same(here, DigestContext.OfThread(DigestAlgorithm.Sha256));
        Assert.NotNull(there);
        Assert.NotSame(here, there);
    }

    [Fact]
    public void A_short_span_or_a_disposed_context_is_refused()
    {
        var context = new DigestContext(DigestAlgorithm.Sha512);
        Assert.Throws<ArgumentException>(() => context.Finish(new byte[63]));

        context.Dispose();

        Assert.Throws<ObjectDisposedException>(context.Restart);
        Assert.Throws<ObjectDisposedException>(() => context.Append([]));
    }

    [Fact]
    public void A_digest_of_a_stream_is_that_of_its_bytes()
    {
        var data = Samples.Make(new Random(2), 200_000);

        Assert.Equal(Sha256Digest.Of(data), Sha256Digest.Of(new MemoryStream(data)));
        Assert.Equal(SHA256.HashData(data), Sha256Digest.Of(data).Bytes);
    }

    /// <summary>A stream may hash while it is read (a verified one does); that must not mix with the reader's own digest.</summary>
    [Fact]
    public void A_stream_may_use_the_thread_context_while_it_is_hashed()
    {
        var data = Samples.Make(new Random(3), 200_000);

        Assert.Equal(Sha256Digest.Of(data), Sha256Digest.Of(new HashingStream(data)));
    }

    [Fact]
    public void A_digest_is_printed_in_lower_case_and_parsed_in_either()
    {
        const string Text = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

        Assert.Equal(Text, Sha256Digest.Of([]).ToString());
        Assert.Equal(Sha256Digest.Of([]), Sha256Digest.Parse(Text));
        Assert.Equal(Sha256Digest.Of([]), Sha256Digest.Parse(Text.ToUpperInvariant()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555")]
    [InlineData("g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(" 3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public void Text_that_is_no_digest_is_refused(string text)
    {
        Assert.False(Sha256Digest.TryParse(text, null, out _));
        Assert.Throws<FormatException>(() => Sha256Digest.Parse(text));
    }

    sealed class HashingStream(byte[] data) : MemoryStream(data)
    {
        public override int Read(Span<byte> buffer)
        {
            Sha256Digest.Of("other work on the same thread"u8);
            return base.Read(buffer[..Math.Min(buffer.Length, 5000)]);
        }
    }
}
