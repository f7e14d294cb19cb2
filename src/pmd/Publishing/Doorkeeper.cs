using System.Globalization;
using Pm.Daemon.Logging;
using Pm.Daemon.Metrics;
using Pm.Daemon.Routing;
using Pm.Daemon.Settings;
using Pm.Repositories;
using Pm.Repositories.Auditing;
using Pm.Repositories.Publishing;
using Pm.Repositories.Tokens;

namespace Pm.Daemon.Publishing;

/// <summary>
/// Lets in who has a good token, and only so many tries: guesses are counted by address, requests by token. A good token is let
/// in whatever else came from its address: others share that, behind a proxy, and nobody guesses 256 bits.
/// </summary>
sealed class Doorkeeper
{
    const string Scheme = "Bearer ";
    const string Hint = "the keeper of the repository makes one: `pm token create`; give it by PM_TOKEN, `--token-file` or `pm token login`";

    static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    readonly PublishingDesks _desks;
    readonly ClientAddress _addresses;
    readonly TimeProvider _time;
    readonly RateLimit _guesses;
    readonly RateLimit _requests;
    readonly Counter _refused;

    public Doorkeeper(PublishingDesks desks, ClientAddress addresses, DaemonSettings settings, TimeProvider time, MetricSet metrics)
    {
        _desks = desks;
        _addresses = addresses;
        _time = time;
        _guesses = new RateLimit(settings.TokenGuesses, Window, time);
        _requests = new RateLimit(settings.TokenRequests, Window, time);
        _refused = metrics.Counter("pmd_tokens_refused_total", "Requests with a token that is not good.");
    }

    /// <summary>Who asks, and the desk of the repository.</summary>
    /// <param name="context">Of the request.</param>
    /// <param name="action">What for, as the audit log says it of who is refused.</param>
    /// <param name="require">Throws where a token does not cover that.</param>
    /// <exception cref="RepositoryException">PM5030: no good token; PM5031: it does not cover this; PM5032: too many tries.</exception>
    public async Task<(PublishingDesk Desk, Publisher Publisher)> AdmitAsync(HttpContext context, string action, Action<Publisher>? require = null)
    {
        var address = _addresses.Of(context.Features);
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw Unknown(context, "this needs a token");
        }

        var presented = header[Scheme.Length..].Trim();
        var desk = TokenSecret.TryParse(presented, out _) ? await _desks.FindAsync(context.Repository()) : null;
        var check = desk?.Tokens.Check(presented, _time.GetUtcNow()) ?? RefusedUnseen(presented);
        if (check is TokenCheck.Refused refused)
        {
            _refused.Add();
            if (refused.Known is { } known)
            {
                desk!.NoteRefusal(new Publisher(known, address?.ToString()), new AuditedChange(action, "", refused.Message), "PM5030");
            }
            else
            {
                RequireFew(context, _guesses.Take(RateLimit.KeyOf(address)), "too many tokens that are not good came from this address");
            }

            throw Unknown(context, refused.Message);
        }

        var token = ((TokenCheck.Accepted)check).Token;
        context.Features.Set(new RequestUser($"token:{token.Id}"));
        RequireFew(context, _requests.Take(token.Id), "too many requests were made with this token");
        var publisher = new Publisher(token, address?.ToString());
        desk!.Require(publisher, new AuditedChange(action, ""), () => require?.Invoke(publisher));
        return (desk, publisher);
    }

    /// <summary>What is no token opens no desk: that costs files and a thread, and anybody can send it.</summary>
    static TokenCheck.Refused RefusedUnseen(string presented) => TokenSecret.TryParse(presented, out _)
        ? new TokenCheck.Refused("nobody made a token for this repository yet")
        : TokenCheck.NoToken;

    static void RequireFew(HttpContext context, TimeSpan? wait, string message)
    {
        if (wait is { } time)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            throw new RepositoryException("PM5032", $"{message}: try again in {Math.Ceiling(time.TotalSeconds)} seconds");
        }
    }

    static RepositoryException Unknown(HttpContext context, string message)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"pm\"";
        return new RepositoryException("PM5030", message, Hint);
    }
}
