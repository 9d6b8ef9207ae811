//! Who can see more than one organization: consulting firms and their staff, consultants of their own, holdings' staff.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use entity::{consultant_grant, firm_assignment, member};
use uuid::Uuid;

use super::{
    draw::{Draw, Purpose},
    industries::{PROFILES, frequency},
    plan::{Person, Planned, person},
    spec::{Calendar, WorldSpec},
    words,
};
use crate::access::Level;

/// How long a grant lasts at most, in days.
const GRANT_DAYS: i64 = 366;
/// How often a client of a firm is of the industry that the firm knows best.
const SPECIALIZED: f64 = 0.6;

/// Rows of an organization by which others see it.
#[derive(Default)]
pub(super) struct Access {
    pub(super) members: Vec<member::Model>,
    pub(super) grants: Vec<consultant_grant::Model>,
    pub(super) assignments: Vec<firm_assignment::Model>,
}

/// Everybody besides the admins, and what they see.
pub(super) struct Partners {
    pub(super) people: Vec<Person>,
    /// By the number of the organization.
    pub(super) access: BTreeMap<usize, Access>,
    pub(super) firms: usize,
}

/// Draws the partners of a world.
pub(super) fn partners(spec: &WorldSpec, organizations: &[Planned]) -> Partners {
    let calendar = Calendar::of(spec);
    let draw = Draw::new(spec.seed, Purpose::Partners, 0);
    let partners = Partners { people: Vec::new(), access: BTreeMap::new(), firms: 0 };
    let mut maker = Maker { draw, calendar, organizations, partners };
    maker.add_firms();
    maker.add_consultants();
    maker.add_holdings();
    maker.partners
}

struct Maker<'a> {
    draw: Draw,
    calendar: Calendar,
    organizations: &'a [Planned],
    partners: Partners,
}

/// From when to when a partner sees a client.
struct Engagement {
    from: DateTime<Utc>,
    ended: Option<DateTime<Utc>>,
}

impl<'a> Maker<'a> {
    /// A firm for every 50 organizations, with 2 to 12 clients and a staff of 2 to 4.
    fn add_firms(&mut self) {
        let advises = |organization: &&Planned| organization.profile == 1 && organization.holding.is_none();
        let stays = |organization: &&Planned| organization.from == 0 && organization.leaves.is_none();
        let firms = self.organizations.iter().filter(advises).filter(stays);
        let firms: Vec<&'a Planned> = firms.take(self.organizations.len() / 50).collect();
        self.partners.firms = firms.len();
        for (number, firm) in firms.into_iter().enumerate() {
            let number_of_staff = self.draw.whole(2, 4);
            let staff: Vec<(Uuid, Person)> = (1..=number_of_staff)
                .map(|place| self.add_staff(firm, &format!("staff-{}-{place}", number + 1)))
                .collect();
            let number_of_clients = self.draw.whole(2, 12);
            for client in self.clients(firm.number, number_of_clients) {
                let engagement = self.engagement(client);
                let grant = self.grant(client, &firm.name, &engagement);
                let grant = consultant_grant::Model { firm_id: Some(firm.id), ..grant };
                self.partners.access.entry(client.number).or_default().grants.push(grant);
                self.assign(firm, &staff, client, &engagement);
            }
        }
    }

    /// Somebody who works for a firm: the membership and the person.
    fn add_staff(&mut self, firm: &Planned, local_part: &str) -> (Uuid, Person) {
        let person = person(&mut self.draw, local_part.to_owned(), firm.created_at);
        let id = self.add_member(firm, &person, Level::Write);
        self.partners.people.push(person.clone());
        (id, person)
    }

    fn add_member(&mut self, organization: &Planned, person: &Person, level: Level) -> Uuid {
        let row = member(&mut self.draw, organization, person, level);
        let id = row.id;
        self.partners.access.entry(organization.number).or_default().members.push(row);
        id
    }

    /// One or two of the staff look after a client.
    fn assign(&mut self, firm: &Planned, staff: &[(Uuid, Person)], client: &Planned, engagement: &Engagement) {
        let number = self.draw.whole(1, 2);
        let weights = vec![1.0; staff.len()];
        for place in self.draw.sample(&weights, usize::try_from(number).unwrap_or(1)) {
            let Some((member_id, _)) = staff.get(place) else { continue };
            let row = firm_assignment::Model {
                org_id: firm.id,
                id: self.draw.id(engagement.from),
                member_id: *member_id,
                client_org_id: client.id,
                assigned_by: firm.admin.id,
                assigned_at: engagement.from,
                ended_at: engagement.ended,
            };
            self.partners.access.entry(firm.number).or_default().assignments.push(row);
        }
    }

    /// A consultant of his own for every 60 organizations, with 2 to 6 clients.
    fn add_consultants(&mut self) {
        for number in 0..self.organizations.len() / 60 {
            let person = person(&mut self.draw, format!("consultant-{}", number + 1), self.calendar.snapshot(0));
            let clients = self.draw.whole(2, 6);
            for client in self.clients(usize::MAX, clients) {
                let engagement = self.engagement(client);
                let grant = self.grant(client, &person.name, &engagement);
                let grant = consultant_grant::Model {
                    email: Some(person.email.clone()),
                    user_id: Some(person.id),
                    accepted_at: Some(engagement.from + Duration::hours(5)),
                    ..grant
                };
                self.partners.access.entry(client.number).or_default().grants.push(grant);
            }
            self.partners.people.push(person);
        }
    }

    /// Somebody at the top of each holding reads all its subsidiaries.
    fn add_holdings(&mut self) {
        let mut holdings: BTreeMap<usize, Vec<&Planned>> = BTreeMap::new();
        for organization in self.organizations {
            if let Some(holding) = organization.holding {
                holdings.entry(holding).or_default().push(organization);
            }
        }
        for (holding, subsidiaries) in holdings {
            let since = subsidiaries.iter().map(|organization| organization.created_at).min();
            let local_part = format!("group-{}", holding + 1);
            let person = person(&mut self.draw, local_part, since.unwrap_or(self.calendar.snapshot(0)));
            for subsidiary in subsidiaries {
                self.add_member(subsidiary, &person, Level::Read);
            }
            self.partners.people.push(person);
        }
    }

    /// Different clients, most of them of one industry.
    fn clients(&mut self, firm: usize, number: i64) -> Vec<&'a Planned> {
        let frequencies: Vec<f64> = (0..PROFILES.len()).map(frequency).collect();
        let specialty = self.draw.weighted(&frequencies);
        let weight = |client: &Planned| match client {
            client if client.number == firm => 0.0,
            client if client.profile == specialty => SPECIALIZED / frequency(specialty),
            _ => 1.0 - SPECIALIZED,
        };
        let organizations = self.organizations;
        let weights: Vec<f64> = organizations.iter().map(weight).collect();
        let places = self.draw.sample(&weights, usize::try_from(number).unwrap_or(2));
        let clients = places.into_iter().filter_map(|place| organizations.get(place));
        clients.filter(|client| client.number != firm).collect()
    }

    /// Half of the engagements go on; of the others some ended so long ago that they no longer count.
    fn engagement(&mut self, client: &Planned) -> Engagement {
        let (days_before, lasts) = match self.draw.weighted(&[0.5, 0.35, 0.15]) {
            0 => (self.draw.whole(5, 150), None),
            1 => (self.draw.whole(400, 700), Some(self.draw.whole(60, 360))),
            _ => (self.draw.whole(1_150, 1_400), Some(self.draw.whole(60, 360))),
        };
        let moment = self.draw.uniform();
        let from = self.calendar.before(usize::MAX, days_before, moment).max(client.created_at);
        Engagement { from, ended: lasts.map(|days| from + Duration::days(days)) }
    }

    /// A grant to nobody yet: the caller says to whom.
    fn grant(&mut self, client: &Planned, name: &str, engagement: &Engagement) -> consultant_grant::Model {
        consultant_grant::Model {
            org_id: client.id,
            id: self.draw.id(engagement.from),
            name: name.to_owned(),
            email: None,
            user_id: None,
            firm_id: None,
            level: Level::Read.as_str().to_owned(),
            families: None,
            reason: self.draw.word(&words::REASONS).to_owned(),
            granted_by: client.admin.id,
            granted_at: engagement.from,
            accepted_at: None,
            expires_at: engagement.from + Duration::days(GRANT_DAYS),
            ended_at: engagement.ended,
            ended_by: engagement.ended.map(|_| client.admin.id),
            renewed_from: None,
        }
    }
}

/// The row of a membership.
pub(super) fn member(draw: &mut Draw, organization: &Planned, person: &Person, level: Level) -> member::Model {
    let joined_at = organization.created_at.max(person.since);
    member::Model {
        org_id: organization.id,
        id: draw.id(joined_at),
        user_id: person.id,
        name: person.name.clone(),
        email: person.email.clone(),
        level: level.as_str().to_owned(),
        joined_at,
        ended_at: None,
        name_key: person.name.to_lowercase(),
    }
}
